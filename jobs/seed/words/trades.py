"""Shops: how they are called and how they speak, by trade and by what they are strong in."""

from __future__ import annotations

from dataclasses import dataclass

from models.states import Trade


@dataclass(frozen=True, slots=True)
class Voice:
    """Names are a word and a suffix; slogans, notices and shelves are picked from."""

    words: tuple[str, ...]
    suffixes: tuple[str, ...]
    slogans: tuple[str, ...]
    colours: tuple[str, ...]


def _voice(words: str, suffixes: str, slogans: str, colours: str) -> Voice:
    return Voice(tuple(words.split()), tuple(suffixes.split()), tuple(slogans.split()), tuple(colours.split()))


VOICES: dict[str, Voice] = {
    "baby": _voice(
        "芽芽屋 小满星 朵宝 暖暖熊 棉小朵 稚予 豆芽儿 小象班 月牙湾 糖豆家 初见宝贝 小鹿森林 "
        "摇篮曲 贝壳湾 蒲公英 彩虹糖",
        "母婴生活馆 母婴店 孕婴优选 亲子生活馆 母婴旗舰店",
        "懂宝宝，也懂妈妈 从孕期到入园，一站选齐 每一件都给自家孩子用过 成分看得懂，用着才放心",
        "#F7B7C5 #8EC9E8 #F9D976",
    ),
    "food": _voice(
        "山野集 禾小满 粮仓记 拾味里 南北铺 谷语 零嘴日记 味觉地图 半斤八两 老街坊 田垄上 "
        "四季仓 一口鲜 云上粮 百味集 行味记",
        "食品店 零食铺子 南北货 食品专营店 优选粮油",
        "好吃的都在路上 从产地到餐桌，只隔一个快递 配料表越短越好 南北风味，一间铺子装下",
        "#E4572E #F2A541 #7A9E4B",
    ),
    "beauty": _voice(
        "初沐 花间渡 素年 知柔 浅草集 芸本 点绛 闻山 月下集 半盏香 眉间雪 白屿 沐野 朝颜 清和 镜前",
        "美妆店 护肤馆 个护旗舰店 美妆集合店 香氛生活馆",
        "成分简单，皮肤才轻松 好看是日复一日的小事 敏感肌也能放心挑 把时间用在喜欢的自己身上",
        "#D98A9C #B79CC6 #E7C8B0",
    ),
    "home": _voice(
        "小满家 木与白 归棠 一方居 日常集 云眠 青窑 拾光 食器志 织里人家 理想柜 晚白 炊烟起 檐下 半亩居 清朗",
        "家居店 生活馆 家居旗舰店 日用百货 家纺店",
        "把日子过成喜欢的样子 好用，比好看更重要 一只碗也值得认真挑 回家，就该舒舒服服",
        "#8A9A5B #C2A878 #6D8EA0",
    ),
    "digital": _voice(
        "星轨 极昼 澄明 蓝屿 一格 听澜 键屿 闪电鱼 步云 书桌派 光年外 像素屋 波段 零度 比特湾 未来仓",
        "数码店 电器旗舰店 数码专营店 智能生活馆 电子商行",
        "正品联保，坏了管修 参数说人话，价格不绕弯 用得久，才算省 新品先用，七天可退",
        "#2E5FA3 #3A3F58 #1B998B",
    ),
    "fashion": _voice(
        "知夏 棠里 慢生 素衣记 行止 山岚 木白 原野记 步云 履小满 行囊 远路 半糖衣橱 棉语 衣间 春禾",
        "服饰店 女装店 衣橱 鞋包专营店 服饰旗舰店",
        "衣服不必多，合身就好 通勤约会，一件搞定 尺码拿不准，客服帮你量 好面料，自己会说话",
        "#5B5B5B #A45C40 #C9ADA7",
    ),
    "fresh": _voice(
        "鲜有理 果然鲜 田小满 菜篮记 朝露 山海鲜 鲜到家 青禾里 橘子红了 岛上渔家 一筐鲜 露水集 南园 菜市口 蔬香园 果真",
        "生鲜 生鲜超市 水果店 鲜果铺 菜场",
        "早上还在地里，中午到你家 坏一个，赔一个 称得足，看得见 今天的菜，不卖到明天",
        "#4CAF50 #F4A300 #2F9E8F",
    ),
    "sichuan": _voice(
        "蜀巷子 湘里人家 辣府春秋 川小满 巴山夜雨 火宫里 椒麻坊 渝味小院 沅江渡 天府小馆 麻辣江湖 三湘厨房",
        "川菜馆 湘菜馆 私房菜 小馆 家常菜",
        "锅气要够，辣味要正 现炒一盘，趁热吃 无辣不欢的人都在这儿 米饭管够",
        "#B3261E #D1495B",
    ),
    "jiangzhe": _voice(
        "老弄堂 外滩里 江南小厨 本帮记 沁园春 水乡人家 桂花巷 石库门 绍兴渡口 阿婆家 苏小满 听雨楼",
        "本帮菜 江浙菜 饭店 小厨 酒家",
        "浓油赤酱，老味道 时令吃什么，我们做什么 阿婆的手艺，一样没变 一桌小菜，慢慢吃",
        "#7B4B2A #A1683A",
    ),
    "cantonese": _voice(
        "粤小满 西关里 点心人家 荔湾茶楼 陶陶巷 早茶时光 广府记 南粤小馆 骑楼下 凤城人家 叹茶 岭南厨房",
        "茶餐厅 茶楼 烧腊 点心坊 粤菜馆",
        "一盅两件，慢慢叹 现蒸现点，皮薄馅足 老火靓汤，三个钟头 得闲饮茶",
        "#C08A3E #4B6F44",
    ),
    "hotpot": _voice(
        "沸腾小院 九宫格里 围炉 红汤记 串串少年 老灶台 牛油帮 山城码头 涮涮锅台 夜火锅 咕嘟咕嘟 三五好友",
        "火锅 重庆火锅 串串香 鲜牛肉火锅 老火锅",
        "没有一顿火锅解决不了的事 鲜切不冻，现点现切 锅底现熬，牛油不过夜 夜里两点还开着",
        "#C1121F #780000",
    ),
    "noodles": _voice(
        "巷子口 老汤记 一碗面 面小满 阿福 手擀人家 早点铺 兰亭 街角 弄堂口 麦浪 小食光",
        "面馆 小吃店 粉面馆 拉面 早点",
        "十分钟出餐，一碗管饱 老汤熬足六小时 加面不加钱 早上六点开门",
        "#D98E04 #8C5E2A",
    ),
    "cafe": _voice(
        "半糖 山隐 晴天 街角 三月 拾豆 慢一点 木头人 白日梦 午后 小岛 云上",
        "咖啡 甜品 咖啡馆 茶饮 烘焙咖啡",
        "当日现磨，喝得出来 给下午留一杯的时间 真水果，不用糖浆 自带杯减两元",
        "#6F4E37 #A3B18A",
    ),
    "service": _voice(
        "净到家 安心家政 好阿姨 洁万家 邻里帮 一诺 暖心 阳光里 到位 百帮 家有喜 快修哥 顺心 管家婆婆 亮堂堂 蓝围裙",
        "家政 家政服务 生活服务 到家服务 家庭服务中心",
        "准时上门，干净才走 持证上岗，明码标价 不满意，免费返工 把周末还给你",
        "#3FA7D6 #59CD90",
    ),
    "budget": _voice("栖途 轻程 七号驿站 云宿 旅小满 晓行", "酒店 快捷酒店 轻居酒店", "睡个好觉，明天赶路", "#4A7C9B"),
    "business": _voice("澜庭 锦程 君和 云峰 曼岚 臻远", "酒店 商务酒店 国际酒店", "出差，也要住得体面", "#2F3E46"),
    "resort": _voice("云栖里 半山 隐澜 湖语 松间 听泉", "度假酒店 温泉度假村 度假庄园", "把时间还给山水", "#588157"),
    "homestay": _voice("檐下 枕水 巷里 拾光 墨舍 山舍", "民宿 客栈 小院", "住进老房子的慢日子", "#9C6644"),
    "family": _voice(
        "童话镇 彩虹岛 奇妙森林 小熊 星星堡 萌芽", "亲子酒店 亲子主题酒店 家庭酒店", "孩子说还要再来一次", "#F4A261"
    ),
    "apartment": _voice("寓见 城家里 青舍 方寸 停云 安住", "公寓 服务公寓 酒店公寓", "像家一样住下来", "#6C757D"),
}
"""By specialty: a root's slug for retail, fresh and home service, a leaf's slug for restaurants and hotels."""

SPECIALTIES: dict[Trade, tuple[str, ...]] = {
    Trade.RETAIL: ("baby", "food", "beauty", "home", "digital", "fashion", "baby", "food"),
    Trade.FRESH: ("fresh",),
    Trade.RESTAURANT: ("jiangzhe", "sichuan", "cafe", "cantonese", "noodles", "hotpot"),
    Trade.HOME_SERVICE: ("service",),
    Trade.HOTEL: ("business", "homestay", "budget", "resort", "family", "apartment"),
}
"""What the shops of a trade are strong in, in turn."""

SHELVES: dict[Trade, tuple[str, ...]] = {
    Trade.RETAIL: ("新品首发", "店长推荐", "人气爆款", "限时特惠", "送礼专区"),
    Trade.FRESH: ("今日鲜到", "时令尝鲜", "家庭囤货", "一人食小份", "早市特价"),
    Trade.RESTAURANT: ("招牌必点", "热菜", "凉菜小吃", "主食汤羹", "饮品甜点"),
    Trade.HOME_SERVICE: ("热门预约", "新人专享", "周期服务", "专项服务"),
    Trade.HOTEL: ("特惠房型", "人气房型", "套房", "连住优惠"),
}
NOTICES = (
    "全场满额包邮，下单后48小时内发货",
    "会员日每月8号，会员价再减",
    "客服在线时间 9:00-22:00，有问必答",
    "新店开业，关注店铺领券",
    "节假日照常营业",
)
TEMPLATES = ("classic", "grid", "magazine", "market")
