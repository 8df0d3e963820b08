"""Benefit policies on housing, roads, water, farming and trade. All documents and numbers are invented."""

from cli.demonstration.papers import Paper, local, own

WORKS = (
    Paper(
        "ZJ",
        "太仓市住房保障工作实施意见",
        "太政发〔2011〕18号",
        "2011-02-20",
        (
            own("公共租赁住房分配入住", "套", 60, 300, "build", "one_off", "relief"),
            own("发放廉租住房租赁补贴", "户", 40, 200, "pay", "recurring", "relief"),
            local("农村困难户危房改造", "户", 3, 26, "build", "one_off", "relief"),
        ),
    ),
    Paper(
        "ZJ",
        "老住宅小区综合整治三年计划",
        "太政办〔2011〕14号",
        "2011-03-10",
        (
            local("老住宅小区雨污分流与道路改造", "平方米", 2000, 24000, "build", "one_off", "capacity"),
            local("小区增设停车泊位", "个", 20, 160, "build", "one_off", "capacity"),
            local("楼道照明与防盗门修缮", "单元", 20, 200, "build", "one_off", "relief"),
        ),
    ),
    Paper(
        "JT",
        "城乡公交一体化提升方案",
        "太政办〔2011〕11号",
        "2011-02-10",
        (
            local("行政村公交候车亭建设", "座", 2, 18, "build", "one_off", "capacity"),
            own("新辟调整公交线路", "条", 1, 6, "serve", "standing", "capacity"),
            local("农村公路桥梁危桥改造", "座", 1, 6, "build", "one_off", "capacity"),
        ),
    ),
    Paper(
        "SL",
        "农村河道轮浚与长效管护办法",
        "太政办〔2011〕17号",
        "2011-02-25",
        (
            local("村级河道清淤疏浚", "公里", 3, 28, "build", "recurring", "capacity"),
            local("河道保洁员配备与考核", "人", 6, 40, "serve", "standing", "capacity"),
            own("城区易涝点改造", "处", 2, 9, "build", "one_off", "capacity"),
        ),
    ),
    Paper(
        "SL",
        "城乡供水一体化实施方案",
        "太政办〔2011〕26号",
        "2011-04-15",
        (
            local("农村老旧供水管网改造", "公里", 2, 20, "build", "one_off", "capacity"),
            own("二次供水设施改造", "处", 4, 20, "build", "one_off", "capacity"),
        ),
    ),
    Paper(
        "NW",
        "关于加快发展现代农业的若干扶持政策",
        "太政发〔2011〕6号",
        "2011-01-12",
        (
            local("粮食直补与农资综合补贴发放", "户", 400, 3000, "pay", "recurring", "relief"),
            local("高标准农田建设", "亩", 200, 2400, "build", "one_off", "capacity"),
            local("组建农民专业合作社并规范运作", "家", 1, 8, "serve", "standing", "capacity"),
            local("新型职业农民实用技术培训", "人次", 80, 500, "train", "recurring", "capacity"),
        ),
    ),
    Paper(
        "NW",
        "经济薄弱村扶持实施办法",
        "太委发〔2011〕7号",
        "2011-01-18",
        (
            local("经济薄弱村增收项目落地", "个", 1, 4, "build", "one_off", "capacity"),
            local("薄弱村低收入农户一户一策帮扶", "户", 10, 70, "serve", "standing", "capacity"),
        ),
    ),
    Paper(
        "NW",
        "农业保险保费补贴办法",
        "太政办〔2011〕19号",
        "2011-03-05",
        (
            local("水稻生产保险承保到户", "户", 300, 2600, "serve", "recurring", "relief"),
            own("设施农业灾害损失理赔到位", "件", 30, 160, "pay", "recurring", "relief"),
        ),
    ),
    Paper(
        "HB",
        "农村环境连片整治实施方案",
        "太政办〔2011〕23号",
        "2011-03-20",
        (
            local("农村生活污水治理入户", "户", 40, 380, "build", "one_off", "capacity"),
            local("村庄生活垃圾分类收集点设置", "处", 4, 36, "build", "standing", "capacity"),
            own("企业环境信访问题整改", "件", 10, 60, "check", "recurring", "relief"),
        ),
    ),
    Paper(
        "JX",
        "关于扶持中小企业健康发展的意见",
        "太政发〔2011〕20号",
        "2011-03-01",
        (
            own("中小企业技改贴息资金兑付", "家", 12, 60, "pay", "recurring", "relief"),
            local("重点企业挂钩联系走访", "家", 10, 60, "serve", "recurring", "capacity"),
            own("企业用电用气需求协调", "家", 10, 50, "serve", "standing", "relief"),
        ),
    ),
    Paper(
        "SW",
        "促进商贸流通便民惠民若干措施",
        "太政办〔2011〕25号",
        "2011-04-01",
        (
            local("农贸市场标准化改造", "家", 1, 3, "build", "one_off", "capacity"),
            local("建设社区便民菜店", "家", 1, 6, "build", "standing", "capacity"),
            own("放心早餐网点布设", "个", 6, 30, "build", "standing", "capacity"),
        ),
    ),
    Paper(
        "CZ",
        "涉农补贴一折通发放管理办法",
        "太财〔2011〕31号",
        "2011-02-18",
        (
            local("涉农补贴一折通发放公示", "户", 400, 2800, "pay", "recurring", "relief"),
            own("惠民资金专项检查", "项", 6, 20, "check", "recurring", "capacity"),
        ),
    ),
    Paper(
        "KJ",
        "科技型企业培育计划",
        "太政办〔2011〕28号",
        "2011-04-20",
        (
            own("组织企业与院校对接", "场", 4, 16, "serve", "recurring", "capacity"),
            local("科技特派员驻村服务", "人", 1, 8, "serve", "standing", "capacity"),
        ),
    ),
    Paper(
        "AJ",
        "小企业安全生产帮扶工作方案",
        "太政办〔2011〕10号",
        "2011-02-08",
        (
            local("小企业安全隐患排查整改", "家", 20, 140, "check", "recurring", "capacity"),
            own("企业安全管理人员免费培训", "人次", 200, 900, "train", "recurring", "capacity"),
        ),
    ),
    Paper(
        "YJ",
        "农村食品药品放心工程实施方案",
        "太政办〔2011〕29号",
        "2011-04-25",
        (
            local("农村集体聚餐食品安全指导", "次", 10, 80, "check", "recurring", "capacity"),
            own("学校食堂量化分级检查", "家", 20, 80, "check", "recurring", "capacity"),
        ),
    ),
    Paper(
        "GS",
        "个体工商户创业扶持若干措施",
        "太工商〔2011〕15号",
        "2011-03-08",
        (
            own("注册登记提速当场办结", "件", 200, 1200, "serve", "standing", "capacity"),
            local("消费维权站点建设", "个", 1, 8, "build", "standing", "capacity"),
        ),
    ),
    Paper(
        "CG",
        "城区市容环境便民整治方案",
        "太政办〔2011〕20号",
        "2011-03-12",
        (
            own("便民疏导点规范设置", "处", 2, 10, "build", "standing", "capacity"),
            local("背街小巷路灯亮化", "盏", 20, 180, "build", "one_off", "capacity"),
            own("公共厕所改造提升", "座", 3, 16, "build", "one_off", "capacity"),
        ),
    ),
)
