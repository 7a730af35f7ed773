/** The hosts to which a custom robot of DingTalk may be addressed. */
export const dingtalkHosts: readonly string[] = ["oapi.dingtalk.com", "api.dingtalk.com", "oapi.dingtalk.io"];
