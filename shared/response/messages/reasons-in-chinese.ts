/**
 * Why a plan does less than its findings ask for, how a write ended, and why a person's act is refused: each sentence of
 * the core, `{}` standing for what it names, and what it reads in Chinese. A test holds it to the sources.
 */
export const reasonsInChinese: readonly (readonly [string, string])[] = [
  // Guardrails.
  ["{} is a declared pipeline, which would make the change again", "{} 是已声明的流水线，会再次进行该变更"],
  ["role {} is one that a cloud service works with", "角色 {} 由云服务使用"],
  ["user {} is kept by {}; change it there", "用户 {} 由 {} 维护，请在那里更改"],
  ["the user `{}` is kept by {}; change it there", "用户 `{}` 由 {} 维护，请在那里更改"],
  ["nobody but {} {} holds full administration of the account", "除 {} {} 外无人拥有账号的完全管理权限"],
  [
    "policy {} is attached to our own role {}, which would lose rights by it",
    "策略 {} 已授予我方自己的角色 {}，恢复会使其失去权限",
  ],
  ["a guardrail could not look: {}", "防护检查无法读取：{}"],
  ["{} switched writing off: {}", "{} 已关闭写入：{}"],
  [
    "{} writes within {} h did not end well; no more are made until that is past",
    "{} 次写入在 {} 小时内未能正常结束；在此之前不再写入",
  ],
  ["{} writes within {} h for {} are spent", "{} 次写入额度（{} 小时内，用于 {}）已用完"],
  [
    "{} and RAM Warden have changed the {} back and forth {} times within {} h",
    "{} 与 RAM Warden 就 {} 来回更改了 {} 次（{} 小时内）",
  ],
  ["judging it ended in {}", "判定时出错：{}"],
  // Subjects and what is known of them.
  ["what is known of before is of another one", "已知的先前状态属于另一个对象"],
  ["its baseline is newer than the change", "其基线晚于该变更"],
  ["the subject could not be read: {}", "对象无法读取：{}"],
  ["it is judged as it stands", "按现状判定"],
  [
    "the change breaks no rule; as it stands, the subject does, and is no state to go back to",
    "该变更未违规；但对象现状违规，不能作为可恢复的状态",
  ],
  [
    "the change breaks no rule; what else stands of the subject does, and is judged by its own event",
    "该变更未违规；对象的其余现状违规，由其自身的事件判定",
  ],
  [
    "the event does not name its key, and the audit trail does not show the event, so that another key may be missing there",
    "事件未指明其密钥，操作审计中也没有该事件，因此可能缺少另一个密钥",
  ],
  [
    "the subject is gone again, perhaps by incident {}, which wrote at that time",
    "对象已再次消失，可能是当时写入的事件 {} 所致",
  ],
  [
    "the subject complies again, perhaps by incident {}, which wrote at that time",
    "对象已再次合规，可能是当时写入的事件 {} 所致",
  ],
  ["there is nothing to delete", "没有可删除的内容"],
  ["{} calls are needed, and one session takes {}", "需要 {} 次调用，而一个会话最多 {} 次"],
  // AccessKeys and service credentials.
  ["the key is as it was: {}", "密钥状态未变：{}"],
  ["the key may have been in use before: {}", "密钥此前可能已在使用：{}"],
  [
    "a key is switched in the name of its owner, of whom only the id `{}` is known",
    "密钥须以其所有者的名称启用或停用，而所有者仅知其 ID `{}`",
  ],
  [
    "the key was in use, so what works with it may have stopped; whether it is to work again is for a person to decide",
    "密钥曾在使用，依赖它的程序可能已停止；是否恢复须由人决定",
  ],
  ["no contract is published of the calls that would put it back", "恢复所需的接口没有公开文档"],
  ["no call brings a deleted service credential back", "没有接口可以恢复已删除的服务凭证"],
  ["the credential may have been in use before: {}", "凭证此前可能已在使用：{}"],
  ["the credential is Inactive already", "凭证已停用"],
  ["the credential is already what it was", "凭证已与之前一致"],
  [
    "the credential was in use, so what works with it may have stopped; whether it is to work again is for a person to decide",
    "凭证曾在使用，依赖它的程序可能已停止；是否恢复须由人决定",
  ],
  ["the key is gone, and its policy with it", "密钥已不存在，其策略也随之消失"],
  ["there was no such key before", "此前没有该密钥"],
  [
    "the former policy may let in addresses that the one in force keeps out; which of them is right is for a person to decide",
    "先前的策略可能放行现行策略所禁止的地址；何者正确须由人决定",
  ],
  ["what is deleted from the recycle bin is gone for ever", "从回收站删除的内容无法恢复"],
  ["the key was in the recycle bin before as well", "密钥此前就在回收站中"],
  [
    "a deleted key may be one that leaked; it can be brought back within 30 days, with the status that the cloud gives it then",
    "被删除的密钥可能已泄露；30 天内可以恢复，状态由云端决定",
  ],
  // The resource directory.
  [
    "the control policy is new, so putting back what was means deleting it; it does no harm until it is attached",
    "该管控策略是新建的，恢复意味着删除它；在绑定之前没有影响",
  ],
  ["the control policy is already what it was", "管控策略已与之前一致"],
  [
    "a control policy binds whole member accounts and can lock everybody in them out",
    "管控策略约束整个成员账号，可能把其中所有人锁在外面",
  ],
  ["the attachment is already what it was", "绑定关系已与之前一致"],
  ["detaching a control policy takes a guard-rail away from whole accounts", "解绑管控策略会使整个账号失去防护"],
  ["the switch is already as it was", "开关已与之前一致"],
  [
    "switching control policies off takes every guard-rail of the organisation away",
    "关闭管控策略会使整个组织失去全部防护",
  ],
  [
    "{} attachments would have to be given back, and {} fit into one session; switch control policies on and attach them by hand",
    "需要恢复 {} 个绑定，而一个会话最多 {} 个；请手工开启管控策略并绑定",
  ],
  ["the registration is already what it was", "委派登记已与之前一致"],
  [
    "a delegated administrator has power over a service in the whole organisation",
    "委派管理员对整个组织中的某项服务拥有权限",
  ],
  ["an account comes back only by an invitation that it accepts itself", "账号只有自己接受邀请才能回到组织"],
  ["the account is where it was", "账号位置未变"],
  [
    "the account would stand under other control policies, and whether these protect more is for a person to judge",
    "账号将受其他管控策略约束，何者防护更强须由人判断",
  ],
  ["the resource is in the group that it was in", "资源所在的资源组未变"],
  [
    "whoever has rights in the former resource group gets them back over the resource",
    "在原资源组中有权限的人将重新获得对该资源的权限",
  ],
  ["whoever makes a resource group would administer it again", "创建资源组的人将再次成为其管理员"],
  // Identity providers and applications.
  ["the provider is already what it was", "身份提供商已与之前一致"],
  [
    "a renewed certificate of the identity provider looks the same, and the former one would then lock everybody out",
    "身份提供商更新证书时看起来相同，而恢复旧证书会把所有人锁在外面",
  ],
  [
    "a new application has another id and other secrets, with which no client works",
    "新建的应用有不同的 ID 和密钥，现有客户端无法使用",
  ],
  [
    "the application has secrets or is installed, and they would be lost with it",
    "应用已有密钥或已安装，删除会一并失去",
  ],
  ["the application is already what it was", "应用已与之前一致"],
  [
    "the application would get back redirect addresses, scopes or lifetimes that were taken from it",
    "应用将重新获得被移除的回调地址、范围或有效期",
  ],
  ["{}; a person gives them back", "{}；须由人恢复"],
  ["{}; a person gives it back", "{}；须由人恢复"],
  [
    "the value of a secret is told once and kept nowhere, so it cannot be restored",
    "密钥的值只显示一次且不保存，无法恢复",
  ],
  ["the secret was there before as well", "该密钥此前就存在"],
  ["the application would get back the scopes that it had", "应用将重新获得原有的范围"],
  ["the application was installed before as well", "应用此前就已安装"],
  [
    "the provider was changed again since, so only what this change did would be put back; the newer change is judged by itself",
    "身份提供商此后又被更改，因此只恢复此变更的内容；较新的变更另行判定",
  ],
  ["what was taken from the provider lets somebody in again", "恢复被移除的内容会让某人再次进入"],
  ["older tokens would be accepted again", "较旧的令牌将再次被接受"],
  [
    "whoever the provider lets in could assume the roles that trust it again",
    "该身份提供商放行的人将能再次扮演信任它的角色",
  ],
  // Grants, groups and memberships.
  ["to attach the policy again gives power", "重新授予该策略会赋予权限"],
  [
    "to attach the policy again gives what its default version holds today: look at `{}` first",
    "重新授予该策略会赋予其当前默认版本的权限：请先查看 `{}`",
  ],
  ["the group is already what it was", "用户组已与之前一致"],
  [
    "the group is new but has members or policies by now, so it is emptied before it is deleted; that is for a person to decide",
    "该用户组是新建的，但已有成员或策略，须先清空再删除；须由人决定",
  ],
  [
    "the group comes back empty and under another id; its members and policies were taken off it by calls of their own, and giving them back gives power",
    "用户组恢复后为空且 ID 不同；其成员与策略是由其他调用移除的，恢复它们会赋予权限",
  ],
  [
    "to put the user back gives what the group `{}` carries today: look at its policies first",
    "把用户放回会赋予用户组 `{}` 当前的权限：请先查看其策略",
  ],
  ["the user was in the group before as well", "该用户此前就在该组中"],
  [
    "the user is in the group, and nothing proves that this call put it there: the console's own call has no published contract",
    "用户在该组中，但无法证明是此调用加入的：控制台自用的接口没有公开文档",
  ],
  // Logons and second factors.
  ["there was no logon before", "此前没有控制台登录"],
  ["the logon demands a second factor already", "该登录已要求多因素认证"],
  ["the user has no console logon", "该用户没有控制台登录"],
  [
    "the password went with the logon, and a new one would be a secret that nobody can hand over safely: the user's administrator makes the logon again",
    "密码随登录一起消失，新密码无法安全转交：请由该用户的管理员重新创建登录",
  ],
  ["the logon is Inactive already", "该登录已停用"],
  [
    "the user did this to the own logon; whether that user is still who works with it is for a person to find out",
    "该用户更改的是自己的登录；使用者是否仍为本人须由人查明",
  ],
  ["the logon is already what it was", "登录已与之前一致"],
  ["{}; a person decides about that", "{}；此项须由人决定"],
  [
    "the logon is Inactive, and its password or its second factor was changed: with these it is not opened again, and the user's administrator gives it others first",
    "登录已停用，且其密码或多因素认证已被更改：不会以此重新启用，须先由该用户的管理员重新设置",
  ],
  ["the logon was set Inactive; putting that back opens it again", "登录已被停用；恢复会再次启用它"],
  ["the logon demands more than before; putting that back demands less", "登录要求比之前更严；恢复会放宽要求"],
  [
    "binding a device takes two codes that only the person can read; the logon that lost its factor is dealt with by itself",
    "绑定设备需要只有本人能读到的两个验证码；失去多因素认证的登录会另行处理",
  ],
  ["the former device can be bound by its owner only", "原设备只能由其所有者绑定"],
  [
    "unbinding the device takes a second factor from the user, who may have bound it for good reason",
    "解绑设备会使用户失去多因素认证，而绑定可能有正当理由",
  ],
  ["the seed of the device is gone with it", "设备的种子已随设备消失"],
  ["the device was there before as well", "该设备此前就存在"],
  [
    "the device is bound to user {} by now, who would lose a second factor",
    "该设备现已绑定到用户 {}，删除会使其失去多因素认证",
  ],
  [
    "the private key lives on the person's device; they must register it again",
    "私钥保存在本人的设备上；须由本人重新注册",
  ],
  ["a passkey was registered by the person", "通行密钥由本人注册"],
  ["the passkey has its former name already", "通行密钥已恢复原名"],
  ["what is bound is what was bound before", "当前绑定与之前一致"],
  ["nothing was bound before, so this takes a factor from the user", "此前未绑定，恢复会使用户失去一种验证方式"],
  [
    "this takes a factor from the user; whether another was bound before is not known: {}",
    "这会使用户失去一种验证方式；此前是否绑定了另一种未知：{}",
  ],
  [
    "the former value is only proposed again, and counts once the user has confirmed it",
    "原值只是重新提交，用户确认后才生效",
  ],
  ["nothing was bound before", "此前未绑定"],
  ["neither a baseline nor the request tells the value", "基线与请求都未给出该值"],
  [
    "whoever has that number or address could prove to be the user with it again, once it is confirmed",
    "确认后，持有该号码或地址的人将能再次以此证明自己是该用户",
  ],
  // Policies.
  ["the policy is already what it was", "策略已与之前一致"],
  ["the good version is gone, and no place is free for it", "正确的版本已不存在，且没有空余版本位"],
  ["the description is already what it was", "描述已与之前一致"],
  [
    "it is not known what changed the policy, so that nothing else would be put back",
    "不知道是什么更改了该策略，因此无法只恢复该变更",
  ],
  [
    "the new version goes; whether a rotation dropped the oldest one before it, and what that said, is not known",
    "新版本将被删除；此前轮转是否删除了最旧的版本及其内容为何，不得而知",
  ],
  [
    "another version was made the default since, and the event of that decides",
    "此后另一版本已成为默认版本，由其事件决定",
  ],
  [
    "the former default version `{}` allows what the present one does not",
    "先前的默认版本 `{}` 允许现行版本所不允许的操作",
  ],
  [
    "the event does not name the version that it made, and it is not the only new one",
    "事件未指明其创建的版本，且新版本不止一个",
  ],
  ["the version is gone again", "该版本已再次消失"],
  [
    "the new version holds the document that was the default before, and is the only one that does",
    "新版本的内容正是先前的默认内容，且仅此一个",
  ],
  [
    "the former default version `{}` allows what the present one does not; five versions are there and the good one is not: `{}` is deleted to make room for it, and made again at the end under another id",
    "先前的默认版本 `{}` 允许现行版本所不允许的操作；已有五个版本而正确的版本不在其中：先删除 `{}` 腾出位置，最后以另一版本号重建",
  ],
  [
    "five versions are there and the good one is not: `{}` is deleted to make room for it, and made again at the end under another id",
    "已有五个版本而正确的版本不在其中：先删除 `{}` 腾出位置，最后以另一版本号重建",
  ],
  ["the version is not one that was there when the policy was last accepted", "该版本在策略上次被接受时并不存在"],
  ["the version is there", "该版本存在"],
  ["another version has the same document", "另一版本有相同的内容"],
  ["five versions are there again, so no place is free for this one", "又已有五个版本，没有空余版本位"],
  [
    "the policy is new but attached by now, so it is detached before it is deleted; that is for a person to decide",
    "该策略是新建的但已被授予，须先解除再删除；须由人决定",
  ],
  [
    "the group is new, and nobody has looked who is in it and what it carries; to delete it is for a person to decide",
    "用户组是新建的，尚未查看其成员与所获授权；是否删除须由人决定",
  ],
  [
    "the policy is new, and nobody has looked what it is attached to; to delete it is for a person to decide",
    "策略是新建的，尚未查看其授权对象；是否删除须由人决定",
  ],
  [
    "the user is new, so putting back what was means deleting it, and nobody has looked what it holds; that is for a person to decide",
    "用户是新建的，恢复意味着删除它，而尚未查看其持有的内容；须由人决定",
  ],
  ["the default version of before is not known", "先前的默认版本未知"],
  [
    "the policy comes back with the default document of before as `v1`; its other versions, its tags and what it was attached to do not",
    "策略以先前的默认内容恢复为 `v1`；其他版本、标签与授权关系不会恢复",
  ],
  // Users.
  [
    "a user that is purged from the recycle bin is gone for good, and its keys with it",
    "从回收站彻底删除的用户及其密钥无法恢复",
  ],
  ["the user is where it was before", "用户位置未变"],
  [
    "the user comes back with the keys that are in the recycle bin with it and its logon switched off; groups and policies do not come back with it",
    "用户恢复时带回回收站中的密钥，其登录处于停用状态；用户组与策略不会恢复",
  ],
  [
    "the user came back from the recycle bin, and what it can be used by is stopped; to delete it again is for a person to decide",
    "用户已从回收站恢复，其可用凭证已停用；是否再次删除须由人决定",
  ],
  [
    "the user came back from the recycle bin with no key or logon in use; to send it there again is for a person to decide",
    "用户已从回收站恢复，没有在用的密钥或登录；是否再次删除须由人决定",
  ],
  ["the user is in the recycle bin", "该用户在回收站中"],
  ["the user is already what it was", "用户已与之前一致"],
  [
    "the user is new, and what it can be used by is stopped; to delete it is for a person to decide",
    "该用户是新建的，其可用凭证已停用；是否删除须由人决定",
  ],
  [
    "the user is new and has no key or logon in use, so putting back what was means deleting it; that is for a person to decide",
    "该用户是新建的且没有在用的密钥或登录，恢复意味着删除它；须由人决定",
  ],
  [
    "the user is not in the recycle bin, so it is made again under another id, without password, second factors, keys (those in the recycle bin too), tags, groups or policies: whatever is bound to the old id stays broken",
    "该用户不在回收站中，将以另一 ID 重建，不含密码、多因素认证、密钥（包括回收站中的）、标签、用户组与策略：绑定旧 ID 的内容仍会失效",
  ],
  [
    "the user comes back from the recycle bin by its id `{}`, with the keys that are there with it and its logon switched off; groups and policies do not come back with it",
    "用户按 ID `{}` 从回收站恢复，带回其中的密钥，登录处于停用状态；用户组与策略不会恢复",
  ],
  // Settings and tags.
  ["a setting is never made", "设置不会被新建"],
  ["the setting is already what it was", "设置已与之前一致"],
  [
    "the setting was changed again since, so only what this change did would be put back; the newer change is judged by itself",
    "设置此后又被更改，因此只恢复此变更的内容；较新的变更另行判定",
  ],
  [
    "putting back {} would protect less, or nobody can say; that is for a person to decide",
    "恢复 {} 会降低防护或无法判断；须由人决定",
  ],
  [
    "the former logon mask is not known to be the one that held right before this change, and may be outdated",
    "无法确认原登录掩码就是变更前生效的值，可能已过时",
  ],
  [
    "all users log on by these settings, and an outdated identity provider would lock every one of them out",
    "所有用户都按此设置登录，过时的身份提供商会把他们全部锁在外面",
  ],
  ["an alias is never made anew", "账号别名不会被新建"],
  ["the alias is already what it was", "账号别名已与之前一致"],
  ["the alias is in the name that every user logs on with", "账号别名是每个用户登录名的一部分"],
  ["no published operation removes a domain; the console does", "没有公开接口可以移除域名；可在控制台操作"],
  ["what was tagged is gone", "被打标签的对象已不存在"],
  ["the tags are already what they were", "标签已与之前一致"],
  [
    "tags steer access by condition, so that putting one back, or taking one away, can give power",
    "标签可作为授权条件，恢复或移除标签都可能赋予权限",
  ],
  [
    "the role comes back under its name but with another RoleId, without its tags, its console logon and its policies, which were taken off it before: whatever is bound to the old id stays broken",
    "角色以原名恢复但 RoleId 不同，不含标签、控制台登录与此前已移除的策略：绑定旧 ID 的内容仍会失效",
  ],
  // How a write ended.
  ["the acting role could not be assumed: {}", "无法扮演执行角色：{}"],
  ["interrupted while writing, and the subject cannot be read back: {}", "写入时中断，且无法回读对象：{}"],
  ["interrupted while writing, and the subject changed again since", "写入时中断，且对象此后又被更改"],
  ["finished after an interruption; the write was found to have taken effect", "中断后完成；经查写入已生效"],
  ["finished after an interruption", "中断后完成"],
  ["its holder stopped before anything was written", "处理者在写入之前停止"],
  ["its holder stopped while writing, and the write is not to be seen", "处理者在写入时停止，未见写入生效"],
  ["interrupted after {} of {} calls, and writing is switched off now", "完成 {}/{} 次调用后中断，且写入现已关闭"],
  ["interrupted after {} of {} calls: {}", "完成 {}/{} 次调用后中断：{}"],
  ["could not re-read before writing: {}", "写入前无法再次读取：{}"],
  ["the lease on the subject ran out before the write", "对象的租约在写入前到期"],
  ["{}, before the rest was written", "{}，其余尚未写入"],
  ["the write was sent but could not be read back: {}", "已发出写入但无法回读：{}"],
  ["the write was accepted but does not hold when read back", "写入已被接受，但回读时未生效"],
  ["the write did not take effect: {}", "写入未生效：{}"],
  ["{} of {} calls are done; {}", "已完成 {}/{} 次调用；{}"],
  ["the subject changed again each time before it could be written", "每次写入之前对象都再次变更"],
  [
    "the audit trail holds more of such calls than is read, so that one of them may explain the change",
    "操作审计中此类调用多于可读取的数量，其中可能有能解释该变更的调用",
  ],
  // Why a person's act is refused.
  ["the subject has changed since the plan was made, so the plan is void", "对象在方案制定后已变更，方案失效"],
  ["{}: incident `{}` asks anew, with a plan for how it stands now", "{}：事件 `{}` 已按现状重新询问"],
  ["{}: incident `{}` asks about how it stands now", "{}：事件 `{}` 询问的正是现状"],
  ["{}: incident `{}` tells how it stands now, and asks nothing", "{}：事件 `{}` 说明现状，不再询问"],
  ["{}: what it asked about breaks no rule any more, and nothing is asked", "{}：所询问的内容不再违规，不再询问"],
  [
    "its plan is void: the subject was found changed since, and what it asked about to break no rule any more",
    "其方案已失效：对象此后已变更，所询问的内容不再违规",
  ],
  [
    "its plan is void, as the subject was found changed since: see incident `{}`",
    "其方案已失效，因为对象此后已变更：见事件 `{}`",
  ],
  ["asks anew what incident {} asked, as the subject changed since", "因对象此后已变更，重新询问事件 {} 的问题"],
  [
    "a person was asked about it before it changed again, so a person decides about this as well",
    "在其再次变更之前已询问过人，因此同样由人决定",
  ],
  [
    "{} changed the subject since the first question, and may not decide about it",
    "{} 在首次询问后更改了对象，不能就此作出决定",
  ],
  [
    "who changed the subject since the first question is not known yet: the audit trail shows it within {} min; try again then",
    "首次询问后由谁更改了对象尚不可知：操作审计会在 {} 分钟内显示；请届时重试",
  ],
  ["who changed the subject since the first question cannot be looked up: {}", "无法查明首次询问后由谁更改了对象：{}"],
  [
    "the subject has changed since the remediation, so undoing it would overwrite a later change",
    "对象在处置之后已变更，撤销会覆盖较新的变更",
  ],
  // Whom a question is about.
  ["{}, so the plan is void", "{}，方案失效"],
  ["{}, so undoing it may be about another; {}", "{}，撤销可能涉及他人；{}"],
  [
    "{}: find out whom it was about, and make the change by hand if it is still wanted",
    "{}：请查明原本涉及的是谁，如仍需要请手动更改",
  ],
  [
    "find out whom it was about, and make the change by hand if it is still wanted",
    "请查明原本涉及的是谁，如仍需要请手动更改",
  ],
  ["{}; try again once it can be, or make the change by hand", "{}；请在可以查明后重试，或手动更改"],
  ["whether the {} is still the same one cannot be looked up: {}", "无法查明 {} 是否仍为原来的那个：{}"],
  ["nothing tells when it was made", "无从得知其创建时间"],
  ["it is longer ago than the audit trail shows", "早于操作审计可查询的时间"],
  ["the audit trail shows a renaming and not whose", "操作审计显示有改名，但未显示改名的是谁"],
  ["the {} is named `{}` since", "{} 此后改名为 `{}`"],
  ["the {} was renamed since, and back", "{} 此后曾改名又改回"],
  ["the name of the {} was given to another since", "{} 的名称此后已给予另一个"],
  ["the {} is not there any more", "{} 已不存在"],
  ["the {} was made since, so it is another one", "{} 是此后创建的，已是另一个"],
  ["the {} has another id than before, so it is another one", "{} 的 ID 与之前不同，已是另一个"],
  ["the {} was deleted since", "{} 此后曾被删除"],
  ["user `{}`", "用户 `{}`"],
  ["group `{}`", "用户组 `{}`"],
  ["role `{}`", "角色 `{}`"],
  ["policy `{}`", "策略 `{}`"],
  ["its outcome is `{}`, so nothing waits for a decision", "其结果为 `{}`，没有等待决定的方案"],
  ["its outcome is `{}`, so there is nothing to put back", "其结果为 `{}`，没有可撤销的内容"],
  ["it was approved before, by {}", "此前已由 {} 批准"],
  ["it was rejected before, by {}", "此前已由 {} 拒绝"],
  ["it was {} before, by {}", "此前已决定 {}，决定者 {}"],
  ["{} made the change, and may not decide about it", "{} 是变更者，不能就此作出决定"],
  [
    "{} changed it as well within the day, as incident {} tells, and may not decide that it stays",
    "{} 当日也更改过该对象（见事件 {}），不能决定保留现状",
  ],
  ["{} made the change, and may not take back what was done about it", "{} 是变更者，不能撤销对其的处置"],
  [
    "it has waited for more than {} h, and what was planned then may no longer be right",
    "等待已超过 {} 小时，当时的方案可能不再正确",
  ],
  ["somebody is at work on the {}; try again in a minute", "正在处理 {}；请一分钟后重试"],
  ["somebody is at work on the {}; try again in {} s", "正在处理 {}；请 {} 秒后重试"],
  ["work on the {} was broken off and is to be finished first", "对 {} 的处理曾中断，须先完成"],
  ["it has no plan", "没有方案"],
  ["no incident `{}` in the ledger", "账本中没有事件 `{}`"],
  ["it was undone before, by incident `{}`", "此前已由事件 `{}` 撤销"],
  ["its remediation has no way back", "该处置无法撤销"],
];
