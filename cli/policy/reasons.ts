import type { Language } from "../../shared/domain/finding.ts";
import { standardInput } from "./input.ts";

/**
 * Why a document or an answer is not certain, in the language of the reader. The core gives its reasons in English, as it
 * names places: with what is quoted from the document inside them. What is not known here stays as it is.
 */
export const reasonText =
  (language: Language) =>
  (reason: string): string =>
    language === "en" ? reason : inChinese(reason);

const inChinese = (reason: string): string => {
  for (const [pattern, chinese] of frames) {
    const found = pattern.exec(reason);
    if (found !== null) return chinese(found.slice(1).map((part) => part ?? ""));
  }
  for (const [pattern, chinese] of sentences) {
    const found = pattern.exec(reason);
    if (found !== null) return chinese.replace(/\{(\d)\}/g, (_, at: string) => found[Number(at)] ?? "");
  }
  return reason;
};

const named = (name: string): string => (name === standardInput.en ? standardInput["zh-CN"] : name);

const sides: { readonly [side: string]: string } = { before: "变更前", after: "变更后" };

/** Where the reason is said of, around the reason itself. */
const frames: readonly (readonly [RegExp, (parts: readonly string[]) => string])[] = [
  [
    /^(.*) at `(\$.*)` of (session )?document (\d+) of (before|after)$/s,
    ([what = "", path, session, at, side = ""]) =>
      `${sides[side]}第 ${Number(at) + 1} 个${session === "" ? "" : "会话"}文档的 \`${path}\`：${inChinese(what)}`,
  ],
  [
    /^`(.*?)`: (\$\S*): (.*)$/s,
    ([name = "", path, what = ""]) => `\`${named(name)}\` 的 \`${path}\`：${inChinese(what)}`,
  ],
];

const sentences: readonly (readonly [RegExp, string])[] = [
  [/^neither a text nor a list of texts$/, "既不是字符串，也不是字符串列表"],
  [/^not a text$/, "不是字符串"],
  [
    /^(`.*`) looks like a variable, which RAM does not document; read as plain text$/s,
    "{1} 像是变量，而 RAM 文档未记载变量，按普通文本处理",
  ],
  [/^blanks left out of the action (`.*`)$/s, "已忽略操作 {1} 中的空白"],
  [/^the action (`.*`) holds letters that no action has$/s, "操作 {1} 含有操作名称中不会出现的字符"],
  [/^the action (`.*`) names no service$/s, "操作 {1} 未指明云服务"],
  [/^blanks around the resource (`.*`)$/s, "资源 {1} 前后有空白"],
  [/^both (`\w+`) and (`\w+`)$/, "同时存在 {1} 和 {2}"],
  [/^blanks around the principal (`.*`)$/s, "主体 {1} 前后有空白"],
  [/^(`.*`) is not the name of a RAM principal$/s, "{1} 不是 RAM 主体的名称"],
  [/^principal type (`.*`) is not documented$/s, "主体类型 {1} 未见于文档"],
  [/^no type of principal$/, "不是主体类型"],
  [/^the principal (`.*`) has no type$/s, "主体 {1} 没有类型"],
  [/^not a text, number or boolean$/, "不是字符串、数字或布尔值"],
  [/^not an object$/, "不是对象"],
  [/^(`.*`) is not documented for RAM$/s, "{1} 未见于 RAM 文档"],
  [/^one key in two spellings$/, "同一个键有两种写法"],
  [/^neither (`\w+`) nor (`\w+`)$/, "既不是 {1}，也不是 {2}"],
  [/^(`.*`) is not documented$/s, "{1} 未见于文档"],
  [/^no (`\w+`)$/, "缺少 {1}"],
  [/^a trust document names no resource$/, "信任文档不应指明资源"],
  [/^a permission document names no principal$/, "权限文档不应指明主体"],
  [/^(`\w+`) is not in RAM's present grammar$/, "{1} 不在 RAM 现行语法中"],
  [/^a number, not the text `1`$/, "是数字，而不是字符串 `1`"],
  [/^not `1`$/, "不是 `1`"],
  [/^not JSON$/, "不是 JSON"],
  [/^nested deeper than (\d+) levels$/, "嵌套超过 {1} 层"],
  [/^the member is there twice$/, "该成员出现了两次"],
  [/^(`.*`) on (`.*`) is not understood$/s, "无法理解针对 {2} 的 {1}"],
  [/^(`.*`) is compared in two ways$/s, "{1} 以两种方式比较"],
  [/^(`.*`) is taken to be independent of the principal$/s, "{1} 视为与主体无关"],
  [
    /^a Deny that is attached to a resource group is read as not overruling the account's scope$/,
    "资源组范围的拒绝语句按不覆盖账号范围处理",
  ],
  [/^a permission document and a trust document have nothing to compare$/, "权限文档与信任文档无法比较"],
  [/^a witness failed its check$/, "示例请求未通过复核"],
  [/^more than (\d+) steps of search$/, "搜索超过 {1} 步"],
  [/^the documents are too intricate to be told apart part by part$/, "文档过于复杂，无法逐项区分"],
];
