"""The platform's category tree: ten roots of six leaves."""

from __future__ import annotations

from jobs.seed.words import Leaf, Root
from jobs.seed.words.baby import BABY
from jobs.seed.words.beauty import BEAUTY
from jobs.seed.words.digital import DIGITAL
from jobs.seed.words.dining import DINING
from jobs.seed.words.fashion import FASHION
from jobs.seed.words.food import FOOD
from jobs.seed.words.fresh import FRESH
from jobs.seed.words.home import HOME
from jobs.seed.words.service import SERVICE
from jobs.seed.words.stay import HOTEL

ROOTS: tuple[Root, ...] = (FRESH, FOOD, BABY, DINING, BEAUTY, HOME, DIGITAL, FASHION, SERVICE, HOTEL)
LEAVES: dict[str, Leaf] = {leaf.slug: leaf for root in ROOTS for leaf in root.leaves}
