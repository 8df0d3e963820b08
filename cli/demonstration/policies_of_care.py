"""Benefit policies on livelihood, schooling, health and safety. All documents and numbers are invented."""

from cli.demonstration.papers import Paper, local, own

CARE = (
    Paper(
        "MZ",
        "关于加快发展养老服务事业的实施意见",
        "太政发〔2011〕3号",
        "2011-01-10",
        (
            local("为八十周岁以上独居老人安装紧急呼叫终端", "户", 30, 180, "build", "one_off", "relief"),
            local("建成社区居家养老服务站并每日开放", "个", 1, 4, "build", "standing", "capacity"),
            local("为困难老人提供政府购买的居家养老服务", "人", 20, 120, "serve", "recurring", "relief"),
            own("新增养老机构床位", "张", 60, 300, "build", "one_off", "capacity"),
        ),
    ),
    Paper(
        "MZ",
        "太仓市城乡居民最低生活保障动态管理办法",
        "太政规〔2011〕1号",
        "2011-01-01",
        (
            local("最低生活保障对象入户复核", "户", 60, 260, "check", "recurring", "relief"),
            local("按新标准足额发放最低生活保障金", "户", 60, 260, "pay", "recurring", "relief"),
            own("低保标准城乡一体调整到位", "项", 1, 1, "serve", "one_off", "relief"),
        ),
    ),
    Paper(
        "MZ",
        "太仓市临时救助实施细则",
        "太政办〔2011〕8号",
        "2011-02-15",
        (
            local("临时救助申请十个工作日内办结", "件", 8, 60, "pay", "standing", "relief"),
            own("开展流动救助街面巡查", "次", 40, 120, "serve", "recurring", "relief"),
        ),
    ),
    Paper(
        "RS",
        "关于进一步促进城乡劳动者就业创业的若干意见",
        "太政发〔2011〕12号",
        "2011-01-20",
        (
            local("城乡失业人员实现再就业", "人", 80, 420, "serve", "recurring", "capacity"),
            local("开展农村劳动力转移技能培训", "人次", 60, 300, "train", "recurring", "capacity"),
            own("举办用工招聘专场", "场", 6, 24, "serve", "recurring", "capacity"),
            own("发放小额创业担保贷款", "笔", 20, 90, "pay", "recurring", "capacity"),
        ),
    ),
    Paper(
        "RS",
        "太仓市居民社会养老保险实施办法",
        "太政规〔2011〕4号",
        "2011-03-01",
        (
            local("居民养老保险参保续保登记", "人", 200, 1500, "serve", "recurring", "capacity"),
            own("社会保障卡换发到位", "张", 5000, 30000, "supply", "one_off", "capacity"),
        ),
    ),
    Paper(
        "RS",
        "太仓市大病补充医疗保险办法",
        "太政办〔2011〕21号",
        "2011-04-01",
        (
            own("大病医疗费用二次补偿发放", "人", 200, 1200, "pay", "recurring", "relief"),
            local("大病致困家庭入户走访建档", "户", 10, 60, "serve", "recurring", "relief"),
        ),
    ),
    Paper(
        "WS",
        "关于深化医药卫生体制改革近期重点工作的意见",
        "太政发〔2011〕15号",
        "2011-02-01",
        (
            local("六十周岁以上居民免费健康体检", "人", 400, 3000, "serve", "recurring", "capacity"),
            local("改造提升社区卫生服务站", "个", 1, 5, "build", "one_off", "capacity"),
            own("基本药物零差率销售机构覆盖", "家", 10, 40, "serve", "standing", "relief"),
            own("家庭医生签约服务", "户", 500, 4000, "serve", "standing", "capacity"),
        ),
    ),
    Paper(
        "JY",
        "太仓市学前教育三年行动计划",
        "太政发〔2011〕9号",
        "2011-01-15",
        (
            own("新建改扩建公办幼儿园", "所", 1, 5, "build", "one_off", "capacity"),
            local("外来务工人员子女入学安置", "人", 40, 400, "serve", "recurring", "capacity"),
            own("家庭经济困难学生资助发放", "人", 300, 1500, "pay", "recurring", "relief"),
        ),
    ),
    Paper(
        "JY",
        "校舍安全工程年度实施方案",
        "太政办〔2011〕5号",
        "2011-01-05",
        (
            own("完成校舍加固改造", "平方米", 3000, 20000, "build", "one_off", "capacity"),
            local("校园周边交通安全设施整治", "处", 2, 12, "check", "one_off", "capacity"),
        ),
    ),
    Paper(
        "WG",
        "公共文化服务体系建设实施意见",
        "太政发〔2011〕22号",
        "2011-03-15",
        (
            local("文化下乡演出", "场", 6, 40, "serve", "recurring", "capacity"),
            local("农家书屋图书更新", "册", 300, 2400, "supply", "recurring", "capacity"),
            own("数字电视整体转换入户", "户", 1500, 9000, "build", "one_off", "capacity"),
        ),
    ),
    Paper(
        "TY",
        "全民健身工程年度计划",
        "太政办〔2011〕16号",
        "2011-03-01",
        (
            local("安装更新健身器材", "处", 3, 22, "build", "one_off", "capacity"),
            own("公共体育场馆免费开放", "天", 60, 200, "serve", "standing", "capacity"),
        ),
    ),
    Paper(
        "GA",
        "平安太仓技防工程实施意见",
        "太政办〔2011〕13号",
        "2011-02-12",
        (
            local("村居治安监控探头建设", "个", 10, 90, "build", "one_off", "capacity"),
            own("流动人口居住证办理", "张", 3000, 20000, "supply", "standing", "capacity"),
            local("交通安全隐患路口整治", "处", 2, 14, "check", "one_off", "capacity"),
        ),
    ),
    Paper(
        "SF",
        "法律援助便民服务办法",
        "太政办〔2011〕27号",
        "2011-04-10",
        (
            own("法律援助案件受理办结", "件", 30, 160, "serve", "standing", "relief"),
            local("村居法律顾问定期坐班", "次", 12, 60, "serve", "recurring", "capacity"),
        ),
    ),
    Paper(
        "GT",
        "征地补偿和被征地农民基本生活保障办法",
        "太政规〔2011〕2号",
        "2011-01-25",
        (
            local("被征地农民保障金发放到位", "人", 100, 900, "pay", "recurring", "relief"),
            local("征地补偿款公示兑付", "户", 30, 300, "pay", "one_off", "relief"),
        ),
    ),
    Paper(
        "JS",
        "计划生育家庭奖励扶助实施办法",
        "太政办〔2011〕12号",
        "2011-02-10",
        (
            local("农村奖励扶助金发放", "人", 120, 900, "pay", "recurring", "relief"),
            local("免费孕前优生健康检查", "对", 20, 120, "serve", "standing", "capacity"),
        ),
    ),
    Paper(
        "SX",
        "行政审批提速和便民服务延伸办法",
        "太政办〔2011〕4号",
        "2011-01-05",
        (
            local("村居便民服务代办点建设", "个", 2, 16, "build", "standing", "capacity"),
            own("审批事项承诺时限压缩", "项", 20, 90, "serve", "one_off", "capacity"),
        ),
    ),
    Paper(
        "CL",
        "残疾人保障和服务体系建设意见",
        "太政办〔2011〕18号",
        "2011-03-18",
        (
            local("残疾人辅助器具免费适配", "件", 10, 90, "supply", "recurring", "relief"),
            local("困难残疾人家庭无障碍改造", "户", 3, 30, "build", "one_off", "relief"),
            own("残疾人职业技能培训", "人", 30, 140, "train", "recurring", "capacity"),
        ),
    ),
    Paper(
        "FL",
        "妇女儿童实事项目计划",
        "太妇〔2011〕6号",
        "2011-03-08",
        (
            own("农村适龄妇女两癌免费筛查", "人", 1500, 9000, "serve", "recurring", "capacity"),
            local("留守流动儿童之家建设", "个", 1, 5, "build", "standing", "capacity"),
        ),
    ),
    Paper(
        "GH1",
        "困难职工帮扶救助办法",
        "太工〔2011〕9号",
        "2011-01-08",
        (
            own("困难职工家庭送温暖", "户", 100, 500, "pay", "recurring", "relief"),
            own("职工集体合同签订企业覆盖", "家", 60, 300, "serve", "standing", "capacity"),
        ),
    ),
)
