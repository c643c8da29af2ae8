"""What people write and show: notes, videos, live rooms, banners and zones. `{item}` and so on are filled in."""

from __future__ import annotations

from collections.abc import Mapping

NOTE_TITLES: Mapping[str, tuple[str, ...]] = {
    "fresh": (
        "这家的{item}，我回购了第三次",
        "{city}买{item}看这一篇就够",
        "周末囤货清单：{item}真的香",
        "{item}怎么挑？老买家说几句",
    ),
    "food": ("办公室抽屉里的{item}", "追剧必备：{item}测评", "{item}到底值不值得买", "吃了一周的{item}，说说感受"),
    "baby": ("二胎妈妈的{item}真实反馈", "{item}避坑指南", "宝宝用了三个月的{item}", "待产清单里一定要有{item}"),
    "dining": (
        "{city}这家{item}，排队也值",
        "藏在巷子里的{item}",
        "下班就想吃一口{item}",
        "带爸妈吃{item}，他们说对味",
    ),
    "beauty": ("敏感肌亲测：{item}", "空瓶记：用完了{item}", "{item}一个月后的变化", "学生党也买得起的{item}"),
    "home": ("租房改造：换了{item}之后", "{item}让我爱上做家务", "三十平小家的{item}", "用了半年的{item}，还不错"),
    "digital": ("通勤党的{item}体验", "{item}用满一个月再来说", "给爸妈买了{item}", "百元价位的{item}能打吗"),
    "fashion": ("小个子怎么穿{item}", "{item}的三种搭法", "上班第一天穿了{item}", "秋冬衣橱里的{item}"),
    "service": ("第一次请人做{item}", "{item}前后对比，太解压", "{city}{item}预约经验", "省下一个周末：{item}"),
    "stay": ("{city}周末去处：住了{item}", "带娃住{item}的一晚", "{item}入住小记", "为了这个{item}又来了一次{city}"),
}
"""By root."""

NOTE_BODIES = (
    "{shop}家的，下单第二天就到了，包装很仔细。{point}这点没夸张，家里人都说可以继续买。",
    "对比了三家才定的{shop}。优点是{point}，缺点是热门规格老是要等补货，想要的趁早。",
    "朋友推荐来的，本来没抱期待，结果{point}，客服回复也快。下次等{shop}做活动再囤一点。",
    "用了快一个月，{point}确实做到了。价格比实体店便宜一截，{shop}还送了小样，满意。",
    "先说结论：值得。{point}，而且{shop}售后很好说话，有一件小问题马上补发了。",
    "写给还在犹豫的人：我买的是{shop}的基础款，{point}，日常完全够用，不必一味追贵的。",
)
VIDEO_TITLES: Mapping[str, tuple[str, ...]] = {
    "fresh": ("凌晨四点的果园，摘{item}", "一分钟学会挑{item}"),
    "food": ("{item}是怎么做出来的", "开箱试吃{item}"),
    "baby": ("三分钟看懂{item}", "{item}使用小课堂"),
    "dining": ("后厨直拍：{item}", "师傅教你在家做{item}"),
    "beauty": ("{item}上脸实测", "{item}的正确用法"),
    "home": ("{item}收进小户型", "一镜到底看{item}"),
    "digital": ("{item}上手体验", "{item}的五个隐藏功能"),
    "fashion": ("{item}一周穿搭", "{item}面料细节"),
    "service": ("{item}全过程加速看", "师傅的一天：{item}"),
    "stay": ("推开门看看{item}", "{item}的清晨"),
}
LIVE_TITLES: Mapping[str, tuple[str, ...]] = {
    "baby": ("宝妈专场：囤货清单一次讲清", "育儿师在线答疑，奶粉辅食怎么选"),
    "food": ("零食节：今晚吃遍南北", "年货提前囤，产地直播"),
    "fresh": ("果园直播：现摘现发", "渔港开船，鲜货到家"),
    "beauty": ("秋冬护肤专场，敏感肌看过来", "成分党下午茶"),
    "home": ("新家必备好物专场", "换季焕新，床品家纺日"),
    "digital": ("数码好物夜，价格直降", "小家电厨房课"),
    "fashion": ("上新日：通勤穿搭一次配齐", "大码友好专场"),
    "jiangzhe": ("大厨在线：家常本帮菜", "时令菜单抢先看"),
}
BANNERS = (
    ("周末鲜果节", "坏果包赔，产地直发", "fresh"),
    ("母婴囤货周", "纸尿裤第二件半价", "baby"),
    ("深夜食堂", "夜宵三十分钟送到", "dining"),
    ("秋冬护肤季", "敏感肌也放心", "beauty"),
    ("新家焕新", "床品家纺满300减50", "home"),
    ("数码好物夜", "小家电直降", "digital"),
    ("周边游", "酒店民宿连住更优惠", "stay"),
    ("到家服务", "深度保洁预约立减", "service"),
)
"""Title, body and the root that it is about."""
ZONES = (
    ("9.9元包邮", "天天低价", "food"),
    ("百亿鲜补", "菜篮子价格", "fresh"),
    ("新人专区", "首单立减", "baby"),
    ("品牌日", "好店同庆", "beauty"),
    ("拼团热卖", "两人即成团", "home"),
    ("直播精选", "边看边买", "fashion"),
    ("附近好店", "三十分钟到家", "dining"),
    ("会员日", "会员价再减", "digital"),
)
