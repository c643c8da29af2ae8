"""People: names, nicknames, prefixes of mobile numbers in use."""

from __future__ import annotations

from jobs.seed.words import listed

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾"
    "侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = listed(
    "子涵 欣怡 雨桐 梓萱 思远 浩然 宇轩 佳琪 晓雯 志强 建华 丽娟 秀英 海燕 俊杰 文博 雅婷 诗涵 若曦 明哲 天佑 "
    "一诺 安然 静怡 晨曦 嘉豪 伟 芳 娜 敏 静 磊 洋 艳 勇 军 杰 娟 涛 超 霞 平 刚 桂英 玉兰 婷婷 雪梅 志远 国庆 "
    "春燕 鹏飞 慧敏 晓东 立新 佩琪 启航 可欣 梦琪 沐阳 书瑶 泽宇 瑾瑜 知远 景行 念慈 云舒 清妍 承志 乐瑶"
)
NICK_HEADS = listed(
    "爱吃 想去 正在 努力 悄悄 偶尔 假装 永远 热衷 每天 小小的 慵懒的 奔跑的 沉默的 快乐的 认真的 迷路的 温柔的 "
    "贪睡的 发呆的 早起的 晚归的 爱笑的 失眠的"
)
NICK_TAILS = listed(
    "橘子 芒果 小面包 云朵 月亮 山茶 柠檬 海盐 麦子 豆浆 猫咪 柯基 鲸鱼 松鼠 银杏 薄荷 樱桃 汤圆 奶盖 咖啡 星星 "
    "栗子 雨滴 团子"
)
NICK_WHOLE = listed(
    "小鹿乱撞 大白菜妈妈 豆豆妈 糖糖妈咪 果果爸爸 一只小羊 北方有鱼 南风知我意 山有木兮 老张头 晚风 林深见鹿 半夏 "
    "西柚 阿哲 夏天的风 十三月 木子李 小河弯弯 海边的人 追光者 慢慢来 二哈主人 花开富贵 平安是福 岁月静好 静待花开"
)
PHONE_PREFIXES = listed(
    "130 131 132 133 135 136 137 138 139 150 151 152 155 156 157 158 159 166 173 176 177 178 180 181 182 183 185 186 "
    "187 188 189 191 195 198 199"
)
"""Prefixes that the ministry has given to mobile networks; the eight digits after them are random."""
LABELS = ("家", "公司", "父母家", "学校")
