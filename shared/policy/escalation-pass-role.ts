import { type EscalationPrimitive, primitivesOf } from "./escalation-primitive.ts";

const row = primitivesOf("pass-role");

const roleCredentials = ["the credentials of the role", "该角色的临时凭证"] as const;

/**
 * Escalation through a service that runs with a role. `ram:PassRole` must be allowed for the service (`acs:Service`) and
 * the role must trust it. Sources: the services' RAM pages and system policies (AliyunFCFullAccess, OOS, ECS document
 * 127172), and the public lists of the same methods for another cloud.
 */
export const passRolePrimitives: readonly EscalationPrimitive[] = [
  row(
    "passrole-ecs-run",
    "high",
    [
      ["ram:PassRole", "ecs:RunInstances"],
      ["ram:PassRole", "ecs:CreateInstance"],
    ],
    ["start an ECS instance with {target}", "以{target}启动 ECS 实例"],
    ["the credentials of the role, from the metadata service", "从元数据服务获取该角色的临时凭证"],
    { target: "service-role", services: ["ecs.aliyuncs.com"] },
  ),
  row(
    "passrole-ecs-attach",
    "high",
    [["ram:PassRole", "ecs:AttachInstanceRamRole"]],
    ["attach {target} to an instance that it controls", "为其控制的实例绑定{target}"],
    roleCredentials,
    { target: "service-role", services: ["ecs.aliyuncs.com"] },
  ),
  row(
    "ecs-run-command",
    "high",
    [
      ["ecs:RunCommand"],
      ["ecs:CreateCommand", "ecs:InvokeCommand"],
      ["ecs:StartTerminalSession"],
      ["ecs:SendFile", "ecs:InvokeCommand"],
    ],
    ["run commands on an instance that has a role", "在绑定了角色的实例上执行命令"],
    ["the host and the credentials of its role", "主机控制权及其角色的临时凭证"],
  ),
  row(
    "ecs-modify-userdata",
    "medium",
    [
      ["ecs:ModifyInstanceAttribute", "ecs:StopInstance", "ecs:StartInstance"],
      ["ecs:ModifyInstanceAttribute", "ecs:RebootInstance"],
    ],
    ["replace the user data of an instance that has a role and restart it", "替换绑定了角色的实例的用户数据并重启"],
    roleCredentials,
  ),
  row(
    "passrole-ess",
    "high",
    [
      ["ram:PassRole", "ess:CreateScalingConfiguration"],
      ["ram:PassRole", "ess:ModifyScalingConfiguration"],
      ["ram:PassRole", "ecs:CreateLaunchTemplateVersion"],
    ],
    ["put {target} into a scaling configuration or launch template", "在伸缩配置或启动模板中使用{target}"],
    ["the credentials of the role, on new instances", "在新实例上获取该角色的临时凭证"],
    { target: "service-role", services: ["ecs.aliyuncs.com", "ess.aliyuncs.com"] },
  ),
  row(
    "passrole-fc-create",
    "high",
    [
      ["ram:PassRole", "fc:CreateFunction", "fc:InvokeFunction"],
      ["ram:PassRole", "fc:CreateFunction", "fc:CreateTrigger"],
      ["ram:PassRole", "fc:CreateService", "fc:CreateFunction"],
    ],
    ["create a function with {target} and run it", "以{target}创建函数并运行"],
    ["the credentials of the role, inside the function", "在函数内获取该角色的临时凭证"],
    { target: "service-role", services: ["fc.aliyuncs.com"] },
  ),
  row(
    "fc-update-function",
    "high",
    [["fc:UpdateFunction"], ["fc:UpdateFunctionCode"]],
    ["change the code of a function that has a stronger role", "修改绑定了更高权限角色的函数代码"],
    ["the credentials of the function's role", "该函数角色的临时凭证"],
  ),
  row(
    "passrole-ros",
    "high",
    [
      ["ram:PassRole", "ros:CreateStack"],
      ["ram:PassRole", "ros:CreateChangeSet", "ros:ExecuteChangeSet"],
      ["ram:PassRole", "ros:UpdateStack"],
    ],
    ["create a stack that runs with {target}", "以{target}创建资源栈"],
    ["anything that the role may create", "该角色可创建的任何资源"],
    { target: "service-role", services: ["ros.aliyuncs.com"] },
  ),
  row(
    "ros-update-existing-stack",
    "high",
    [["ros:UpdateStack"], ["ros:CreateChangeSet", "ros:ExecuteChangeSet"]],
    ["update a stack that already runs with a stronger role", "更新已使用更高权限角色的资源栈"],
    ["the permissions of the stack's role", "该资源栈角色的权限"],
  ),
  row(
    "ros-stack-group",
    "critical",
    [["ros:CreateStackGroup", "ros:CreateStackInstances"], ["ros:UpdateStackGroup"]],
    ["deploy a stack group into member accounts", "向成员账号部署资源栈组"],
    ["resources, RAM roles among them, in other accounts", "其他账号中的资源（包括 RAM 角色）"],
  ),
  row(
    "passrole-oos",
    "high",
    [
      ["ram:PassRole", "oos:StartExecution"],
      ["ram:PassRole", "oos:CreateTemplate", "oos:StartExecution"],
    ],
    ["start an OOS execution with {target}", "以{target}启动运维编排执行"],
    ["any call that the role may make", "该角色可发起的任何调用"],
    { target: "service-role", services: ["oos.aliyuncs.com"] },
  ),
  row(
    "passrole-eci",
    "high",
    [["ram:PassRole", "eci:CreateContainerGroup"], ["eci:ExecContainerCommand"]],
    ["run a container group with {target}, or a command in one", "以{target}创建容器组，或在容器组中执行命令"],
    roleCredentials,
    { target: "service-role", services: ["eci.aliyuncs.com", "ecs.aliyuncs.com"] },
  ),
  row(
    "ack-kubeconfig",
    "high",
    [["cs:DescribeClusterUserKubeconfig"], ["cs:GrantPermissions"], ["cs:UpdateUserPermissions"]],
    ["obtain administration of a Kubernetes cluster", "获取 Kubernetes 集群的管理权限"],
    ["the roles of nodes and pods, and the secrets of the cluster", "节点与 Pod 的角色以及集群中的密钥"],
  ),
  row(
    "passrole-fnf",
    "medium",
    [
      ["ram:PassRole", "fnf:CreateFlow", "fnf:StartExecution"],
      ["fnf:UpdateFlow", "fnf:StartExecution"],
    ],
    ["run a CloudFlow flow with {target}", "以{target}运行云工作流"],
    ["any call that the role of the flow may make", "该流程角色可发起的任何调用"],
    { target: "service-role", services: ["fnf.aliyuncs.com", "fdl.aliyuncs.com"] },
  ),
  row(
    "passrole-data-platform",
    "high",
    [
      ["ram:PassRole", "emr:CreateCluster"],
      ["ram:PassRole", "paidlc:CreateJob"],
      ["ram:PassRole", "paidsw:CreateInstance"],
      ["ram:PassRole", "sae:DeployApplication"],
    ],
    ["run an EMR, PAI or SAE workload with {target}", "以{target}运行 EMR、PAI 或 SAE 工作负载"],
    ["the credentials of the role, inside the workload", "在工作负载内获取该角色的临时凭证"],
    {
      target: "service-role",
      services: ["ecs.aliyuncs.com", "emr.aliyuncs.com", "*pai*.aliyuncs.com", "sae.aliyuncs.com"],
    },
  ),
  row(
    "passrole-unrestricted",
    "medium",
    [["ram:PassRole"]],
    ["pass roles to any service", "将角色传递给任意云服务"],
    ["half of every route that runs a workload with a role", "任何以角色运行工作负载的提权路径的一半"],
    { services: ["?.aliyuncs.com"] },
  ),
  row(
    "servicecatalog-launch",
    "medium",
    [
      ["servicecatalog:LaunchProduct"],
      ["servicecatalog:CreateProvisionedProductPlan", "servicecatalog:ExecuteProvisionedProductPlan"],
    ],
    ["launch a product whose launch role is stronger", "启动使用更高权限启动角色的产品"],
    ["what the launch role may create", "该启动角色可创建的资源"],
  ),
];
