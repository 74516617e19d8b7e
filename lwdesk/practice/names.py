"""Invented people: names in several scripts, each with the Latin spelling its email uses."""

import random

# (given names, family names), each "as written/as in an email"; one entry per community of names
_PEOPLE = (
    (
        "Ana/ana José/jose Zoë/zoe Björn/bjorn Łucja/lucja Čeněk/cenek Nuño/nuno Seán/sean Agnès/agnes Jürgen/jurgen",
        "Müller/muller O'Brien/obrien Núñez/nunez D'Angelo/dangelo Šťastný/stastny Østergård/ostergard Nowak/nowak"
        " Çelik/celik García/garcia N'Diaye/ndiaye",
    ),
    (
        "Emma/emma Liam/liam Olivia/olivia Noah/noah Grace/grace Henry/henry Jane/jane Mary-Ann/maryann",
        "Smith/smith Jones/jones O’Connor/oconnor Taylor/taylor Smith-Lee/smithlee Brown/brown McKay/mckay",
    ),
    (
        "Γιώργος/giorgos Ελένη/eleni Νίκος/nikos Σοφία/sofia Δημήτρης/dimitris Χρύσα/chrysa",
        "Παπαδόπουλος/papadopoulos Γεωργίου/georgiou Οικονόμου/oikonomou Αγγελή/angeli Ψαρρός/psarros",
    ),
    (
        "Иван/ivan Мария/maria Олексій/oleksiy Наталья/natalya Стоян/stoyan Юлія/yuliya",
        "Иванов/ivanov Петренко/petrenko Соколова/sokolova Щербак/shcherbak Георгиев/georgiev",
    ),
    (
        "محمد/mohamed فاطمة/fatima أحمد/ahmed ليلى/leila يوسف/yousef",
        "الحسيني/alhusseini خوري/khoury منصور/mansour حداد/haddad بن_علي/benali",
    ),
    ("伟/wei 芳/fang 秀英/xiuying 子涵/zihan", "王/wang 李/li 欧阳/ouyang 陈/chen"),
    ("花子/hanako 太郎/taro さくら/sakura 健/ken", "田中/tanaka 佐藤/sato 髙橋/takahashi 渡邊/watanabe"),
)
_WEIGHTS = (35, 30, 12, 8, 6, 5, 4)


def _pairs(text: str) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " "), latin) for name, _, latin in (one.partition("/") for one in text.split())
    ]


_COMMUNITIES = [(_pairs(given), _pairs(family)) for given, family in _PEOPLE]
COMPANIES = (
    *("Acme Ltd", "Müller & Söhne GmbH", "Αφοί Παπαδόπουλοι Α.Ε.", "ООО «Ромашка»", "شركة النور"),
    *("株式会社サンプル", "O'Hara, Lee & Co.", 'The "Green" Farm', "Łódź Logistics sp. z o.o."),
)
CITIES = (
    ("Athens", "GR", "+302101234567"),
    ("Berlin", "DE", "0049301234567"),
    ("Zürich", "CH", "+41 44 123 45 67"),
    ("São Paulo", "BR", "011 98765-4321"),
    ("القاهرة", "EG", "0020212345678"),
    ("東京", "JP", "03-1234-5678"),
    ("Lyon", "FR", "0478123456"),
    ("Boston", "US", "(617) 555-0142"),
)


class Names:
    """Generates users, each with a unique email in a domain reserved for examples."""

    def __init__(self, rng: random.Random):
        self._rng, self._used = rng, dict[str, int]()

    def draw(self) -> tuple[str, str, str]:
        """A given name, a family name and an email."""
        rng = self._rng
        given, family = rng.choices(_COMMUNITIES, _WEIGHTS)[0]
        (first, latin_first), (last, latin_last) = rng.choice(given), rng.choice(family)
        local = f"{latin_first}.{latin_last}"
        n = self._used[local] = self._used.get(local, 0) + 1
        domain = ("example.org", "example.com", "example.net")[n % 3]
        return first, last, f"{local}{n if n > 1 else ''}@{domain}"
