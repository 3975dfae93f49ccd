"""The surveys of `csat demo`: responses cleaned, measured and judged by policies that are files, each figure
beside what has to come out."""

from __future__ import annotations

import importlib
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.command.agreement import Agreement
from libcsat.command.survey_data import Surveys, passenger_items
from libcsat.exact import rounded
from libcsat.policy import Policy
from libcsat.scale_reliability import Reliability, reliability

WORDS = {
    "figure": "指标",
    "reference": "参照",
    "equal": "一致",
    "DIFFERS": "不一致",
    "by definition": "定义不同",
    "figures": "个数值",
    "Airline passengers: cleaning": "航空旅客：清洗",
    "Airline passengers: satisfied, by class and type of travel": "航空旅客：满意占比（按舱位与出行类型）",
    "Airline passengers: quality of the scale of 14 items": "航空旅客：14 题量表质量",
    "Bank customers: net promoter score": "银行客户：净推荐值",
    "Persons: 25 items of five traits, missing answers and reversed items": "五因素人格 25 题：缺失与反向题",
    "Orders: on-time delivery and review score": "订单：按时送达与评价得分",
    "Hospitals: boxes, and groups too small to be shown": "医院：分档占比与小样本抑制",
    "responses read": "读入答卷",
    "kept, flagged ones among them": "保留（含标记）",
    "quarantined": "隔离",
    "excluded": "剔除",
    "kept + quarantined + excluded": "保留 + 隔离 + 剔除",
    "one answer to all items": "各项答案相同",
    "half of the items or more in one run": "连续相同答案达半数",
    "outliers at 0.99 and 0.999": "0.99 与 0.999 离群",
    "incomplete, so no distance": "不完整，无距离",
    "all answers as in an earlier response": "答案与前一答卷完全相同",
    "satisfied before and after": "清洗前后满意占比",
    "online boarding before and after": "清洗前后网上登机手续均值",
    "all": "全部",
    "12 segments with customer type": "12 个细分（含客户类型）",
    "14 items: n, mean, 4 or 5, interval": "14 题：人数、均值、四或五分、区间",
    "alpha": "α 系数",
    "standardised alpha": "标准化 α 系数",
    "KMO": "KMO",
    "Bartlett's chi-square": "Bartlett 卡方",
    "Feldt's interval": "Feldt 区间",
    "by item: alpha if dropped, item-rest, KMO": "逐题：删除后 α、题总相关、KMO",
    "alpha, 0 as an answer": "α 系数（0 计为答案）",
    "0 is read as an answer; ours: not applicable, no answer": "参照将 0 计为答案；本库：不适用，不作答案",
    "promoters": "推荐者",
    "detractors": "贬损者",
    "net promoter score": "净推荐值",
    "its interval": "其区间",
    "its interval by Wald": "其 Wald 区间",
    "Wald; ours is Tango's score interval": "Wald；本库为 Tango 得分区间",
    "27 items: n, mean, deviation": "27 题：人数、均值、标准差",
    "25 items: n, mean, deviation": "25 题：人数、均值、标准差",
    "missing answers": "缺失答案",
    "one answer to all of agreeableness": "宜人性各题答案相同",
    "outliers at 0.99": "0.99 离群",
    "halves go against each other": "奇偶两半相反",
    "five traits": "五个特质",
    "agreeableness, alpha of same-row correlations": "宜人性：同行相关的 α",
    "cor(use = 'pairwise'); ours is cov2cor, as psych::alpha": (
        "cor(use = 'pairwise')；本库同 psych::alpha 用 cov2cor"
    ),
    "on time": "按时",
    "on time by time stamp": "按时间戳按时",
    "a promise of midnight taken as an instant; ours: as a day": "承诺的零点视为时刻；本库视为日期",
    "by month: delivered, on time": "按月：送达数、按时占比",
    "by month: reviews, mean, deviation, 4 or 5, 1 or 2": "按月：评价数、均值、标准差、高分、低分",
    "mean review score": "平均评价得分",
    "review score 4 or 5": "四或五分",
    "review score 5": "五分",
    "9 or 10 less 0 to 6": "高分减低分",
    "six boxes: hospitals, mean, deviation": "六档：医院数、均值、标准差",
    "counties with 5 hospitals or more": "5 家及以上的县",
    "counties too small to be shown": "样本不足而不显示的县",
    "missing listwise": "成列删除",
    "missing pairwise": "成对删除",
}


def run(surveys: Surveys) -> list[Agreement]:
    """All surveys, one after another."""
    return [
        _cleaning(surveys),
        _satisfied(surveys),
        _scale(surveys),
        _promoters(surveys),
        _persons(surveys),
        _orders(surveys),
        _hospitals(surveys),
    ]


def _figures(policy: Policy, table: pa.Table, **grouped: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
    """By keys and measure: the rows of the figures."""
    measured = policy.measure(table, **grouped)
    keys = measured.table().column_names
    keys = keys[: keys.index("measure")]
    return {(*(row[key] for key in keys), row["measure"]): row for row in measured.table().to_pylist()}


def _share(row: dict[str, Any]) -> dict[str, Any]:
    """A share as the reference results have it."""
    return {
        "n": row["n"],
        "satisfied": round(row["value"] * row["n"]),
        "rate": row["value"],
        "wilson95": [row["low"], row["high"]],
    }


def _percent(share: dict[str, Any]) -> str:
    rate, low, high = (rounded(figure, 2, 100) for figure in (share["rate"], *share["wilson95"]))
    return f"{rate} % [{low}, {high}]"


def _both(ours: dict[str, Any], theirs: dict[str, Any]) -> tuple[str, str]:
    return _percent(ours), _percent(theirs)


def _part(of: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    return {name: of.get(name) for name in names}


def _scale_of(policy: Policy, scale: str) -> tuple[list[str], tuple[float, float]]:
    """The columns that are rated on a scale of a policy, and its ends."""
    (ends,) = [(each["min"], each["max"]) for each in policy.document["scales"] if each["id"] == scale]
    rated = [m for m in policy.metrics if m.get("scale") == scale and "number" in m]
    columns = [m["number"].get("field", m["id"]) for m in rated]
    return columns, (float(ends[0]), float(ends[1]))


def _cleaning(surveys: Surveys) -> Agreement:
    agreement = Agreement("Airline passengers: cleaning")
    table, expected = surveys.tables["passengers"], surveys.expected["passengers"]
    quality, flagged = expected["screening"]["quality"], expected["screening"]["mahalanobis"]["flagged"]
    counted = expected["counted"]
    cleaning = Policy.load(surveys.policy("airline")).clean(table)
    counts = cleaning.counts
    kept = counts["kept"] + counts["flagged"]
    met = {rule.id: rule for rule in cleaning.rules}
    agreement.add("responses read", cleaning.rows, quality["rows"])
    agreement.add("kept, flagged ones among them", kept, counted["kept"])
    agreement.add("quarantined", counts["quarantined"], counted["quarantined"])
    agreement.add("excluded", counts["excluded"], counted["excluded"])
    whole = kept + counts["quarantined"] + counts["excluded"]
    agreement.add("kept + quarantined + excluded", whole, quality["rows"])
    agreement.add("one answer to all items", met["straight-line"].met, quality["all_answered_items_equal"])
    agreement.add("half of the items or more in one run", met["long-run"].met, quality["longstring_ge_half"])
    outliers = [met["outlier-99"].met, met["outlier-999"].met]
    found = [flagged["0.99"], flagged["0.999"]]
    sides = (f"{one:,}, {other:,}" for one, other in (outliers, found))
    agreement.add("outliers at 0.99 and 0.999", outliers, found, (next(sides), next(sides)))
    incomplete = quality["rows"] - quality["complete_rows"]
    agreement.add("incomplete, so no distance", met["outlier-99"].unknown, incomplete)
    agreement.add(
        "all answers as in an earlier response", met["same-answers"].met, quality["duplicate_rows_all_items"]
    )
    before = (expected["satisfied"]["rate"], expected["items"]["Online Boarding"]["mean"])
    after = (counted["satisfied"], counted["online_boarding"])
    for figure, name, first, last in zip(
        cleaning.figures,
        ("satisfied before and after", "online boarding before and after"),
        before,
        after,
        strict=True,
    ):
        # Decimals with six places.
        ours = [float(value) for value in (figure.before, figure.after) if value is not None]
        theirs = [round(first, 6), round(last, 6)]
        shown = tuple(f"{one:.6f}, {other:.6f}" for one, other in (ours, theirs))
        agreement.add(name, ours, theirs, (shown[0], shown[1]))
    return agreement


def _satisfied(surveys: Surveys) -> Agreement:
    plain: Any = importlib.import_module("libcsat.demo.expected")
    agreement = Agreement("Airline passengers: satisfied, by class and type of travel")
    table, expected = surveys.tables["passengers"], surveys.expected["passengers"]
    policy = Policy.load(surveys.policy("airline"))
    keys = ["Class", "Type of Travel", "Customer Type"]
    only = ["satisfied_share"]
    whole = _figures(policy, table)
    ours = _share(whole["satisfied_share",])
    agreement.add("all", ours, _part(expected["satisfied"], ours), _both(ours, expected["satisfied"]))
    cells: dict[tuple[str, str], list[int]] = {}
    segments = {}
    for each in expected["segments"]:
        segments[each["Class"], each["Travel"], each["Customer"]] = each
        cell = cells.setdefault((each["Class"], each["Travel"]), [0, 0])
        cell[0] += each["satisfied"]
        cell[1] += each["n"]
    for key, row in _figures(policy, table, by=keys[:2], measures=only).items():
        cell = cells[key[0], key[1]]
        ours, theirs = _share(row), plain.share(*cell)
        agreement.add(f" | {key[0]}, {key[1]}", ours, theirs, _both(ours, theirs))
    by_segment = {
        key[:3]: _share(row) for key, row in _figures(policy, table, by=keys, measures=only).items()
    }
    found = {"/".join(key): share for key, share in by_segment.items()}
    wanted = {"/".join(key): _part(each, found["/".join(key)]) for key, each in segments.items()}
    agreement.add("12 segments with customer type", found, wanted)
    items, wanted = {}, {}
    for metric in policy.metrics:
        name = metric.get("number", {}).get("field", "")
        if metric.get("scale") == "rating5" and name in expected["items"]:
            top2, mean = whole[f"{metric['id']}_top2",], whole[f"{metric['id']}_mean",]
            items[name] = {**_share(top2), "mean": mean["value"]}
            wanted[name] = _part(expected["items"][name], items[name])
    agreement.add("14 items: n, mean, 4 or 5, interval", items, wanted)
    return agreement


def _judged(judged: Reliability) -> dict[str, Any]:
    """As the reference results have it."""
    test = judged.bartlett
    return {
        "n": judged.n,
        "alpha_raw": judged.alpha,
        "alpha_std": judged.standardised_alpha,
        "alpha_feldt_ci95": judged.alpha_interval,
        "kmo": judged.kmo,
        "bartlett_chi2": None if test is None else test.chi_square,
        "bartlett_df": None if test is None else float(test.df),
        "alpha_if_deleted_raw": {item.item: item.alpha_if_dropped for item in judged.by_item},
        "item_rest_r": {item.item: item.item_rest for item in judged.by_item},
        "kmo_items": {item.item: item.kmo for item in judged.by_item},
    }


def _add_reliability(agreement: Agreement, ours: dict[str, Any], theirs: dict[str, Any], how: str) -> None:
    for name, key, places in (
        ("alpha", "alpha_raw", 6),
        ("standardised alpha", "alpha_std", 6),
        ("KMO", "kmo", 6),
        ("Bartlett's chi-square", "bartlett_chi2", 2),
    ):
        shown = tuple(f"{side[key]:,.{places}f}" for side in (ours, theirs))
        one = {"value": ours[key], "n": ours["n"]}
        agreement.add(
            f"{name} | ({how})", one, {"value": theirs[key], "n": theirs["n"]}, (shown[0], shown[1])
        )
    low, high = zip(ours["alpha_feldt_ci95"], theirs["alpha_feldt_ci95"], strict=True)
    shown = tuple(f"[{a:.6f}, {b:.6f}]" for a, b in zip(low, high, strict=True))
    agreement.add(
        f"Feldt's interval | ({how})",
        list(ours["alpha_feldt_ci95"]),
        theirs["alpha_feldt_ci95"],
        (shown[0], shown[1]),
    )
    by_item = ("alpha_if_deleted_raw", "item_rest_r", "kmo_items", "bartlett_df")
    agreement.add(
        f"by item: alpha if dropped, item-rest, KMO | ({how})",
        {key: ours[key] for key in by_item},
        {key: theirs[key] for key in by_item},
    )


def _scale(surveys: Surveys) -> Agreement:
    agreement = Agreement("Airline passengers: quality of the scale of 14 items")
    table, expected = surveys.tables["passengers"], surveys.expected["passengers"]
    policy = Policy.load(surveys.policy("airline"))
    items, ends = _scale_of(policy, "rating5")
    blanks = next(m for m in policy.metrics if m.get("scale") == "rating5")["missing_values"]
    assert items == passenger_items(table)
    for how in ("listwise", "pairwise"):
        judged = _judged(reliability(table, items, ends, how, missing_values=[float(b) for b in blanks]))
        _add_reliability(agreement, judged, expected["reliability"][how], how)
        if how == "listwise":
            ours = judged["alpha_raw"]
    zero = reliability(table, items, (0, ends[1]))
    agreement.add(
        "alpha, 0 as an answer",
        ours,
        expected["zero_as_answer"]["alpha_raw"],
        (f"{ours:.6f}", f"{expected['zero_as_answer']['alpha_raw']:.6f}"),
        "0 is read as an answer; ours: not applicable, no answer",
        zero.alpha,
    )
    return agreement


def _items(policy: Policy, figures: dict[tuple[Any, ...], dict[str, Any]], scale: str) -> dict[str, Any]:
    """n, mean and deviation of the metrics on a scale, by column."""
    made = {}
    for metric in policy.metrics:
        if metric.get("scale") == scale:
            mean, deviation = (figures[f"{metric['id']}_{word}",] for word in ("mean", "deviation"))
            made[metric["number"].get("field", metric["id"])] = {
                "n": mean["n"],
                "mean": mean["value"],
                "sd": deviation["value"],
            }
    return made


def _promoters(surveys: Surveys) -> Agreement:
    agreement = Agreement("Bank customers: net promoter score")
    table, expected = surveys.tables["customers"], surveys.expected["customers"]
    policy = Policy.load(surveys.policy("bank"))
    figures = _figures(policy, table)
    nps, theirs = figures["nps",], expected["nps"]
    n = nps["n"]
    up, down = (figures[f"{name}",]["value"] for name in ("promoters", "detractors"))
    agreement.add(
        "promoters", [round(up * n), n], [theirs["promoters"], theirs["n"]], _of(up, n, theirs, "promoters")
    )
    agreement.add(
        "detractors",
        [round(down * n), n],
        [theirs["detractors"], theirs["n"]],
        _of(down, n, theirs, "detractors"),
    )
    agreement.add(
        "net promoter score", nps["value"], theirs["nps"], (f"{nps['value']:.2f}", f"{theirs['nps']:.2f}")
    )
    tango, wald = theirs["ci_score_tango"], theirs["ci_wald"]
    ours = [nps["low"], nps["high"]]
    agreement.add("its interval", ours, tango, (_interval(ours), _interval(tango)))
    z = importlib.import_module("statistics").NormalDist().inv_cdf(0.975)
    half = 100 * z * ((up + down - (up - down) ** 2) / n) ** 0.5
    agreement.add(
        "its interval by Wald",
        ours,
        wald,
        (_interval(ours), _interval(wald)),
        "Wald; ours is Tango's score interval",
        [nps["value"] - half, nps["value"] + half],
    )
    items = _items(policy, figures, "eleven")
    wanted = {name: _part(expected["items"][name], items[name]) for name in items}
    agreement.add("27 items: n, mean, deviation", items, wanted)
    columns, ends = _scale_of(policy, "eleven")
    judged = _judged(reliability(table, columns, ends))
    _add_reliability(agreement, judged, expected["reliability"]["listwise"], "listwise")
    return agreement


def _of(share: float, n: int, theirs: dict[str, Any], name: str) -> tuple[str, str]:
    return f"{round(share * n)} / {n}", f"{theirs[name]} / {theirs['n']}"


def _interval(ends: list[float]) -> str:
    return f"[{ends[0]:.2f}, {ends[1]:.2f}]"


def _persons(surveys: Surveys) -> Agreement:
    agreement = Agreement("Persons: 25 items of five traits, missing answers and reversed items")
    table, expected = surveys.tables["persons"], surveys.expected["persons"]
    policy = Policy.load(surveys.policy("personality"))
    items = _items(policy, _figures(policy, table), "six")
    wanted = {name: _part(expected["items"][name], items[name]) for name in items}
    agreement.add("25 items: n, mean, deviation", items, wanted)
    missing = sum(table.num_rows - item["n"] for item in items.values())
    agreement.add("missing answers", missing, sum(item["missing"] for item in expected["items"].values()))
    numbered = table.append_column("response_id", pa.array(range(table.num_rows)))
    met = {rule.id: rule.met for rule in policy.clean(numbered).rules}
    quality = expected["screening"]["quality"]
    agreement.add("one answer to all items", met["straight-line"], quality["all_answered_items_equal"])
    agreement.add("one answer to all of agreeableness", met["agreeable-line"], expected["agreeable_lines"])
    agreement.add("half of the items or more in one run", met["long-run"], quality["longstring_ge_half"])
    agreement.add("outliers at 0.99", met["outlier"], expected["screening"]["mahalanobis"]["flagged"]["0.99"])
    agreement.add("halves go against each other", met["inconsistent"], expected["inconsistent"])

    rule = next(r for r in policy.document["cleaning"]["rules"] if "even_odd" in r)["even_odd"]
    columns, ends = _scale_of(policy, "six")
    column = dict(zip((m["id"] for m in policy.metrics), columns, strict=True))
    turned = {column[id] for id in rule["reversed"]}
    for how in ("listwise", "pairwise"):
        ours, theirs = {}, {}
        for part in rule["parts"]:
            names = [column[id] for id in part["items"]]
            judged = reliability(table, names, ends, how, [n for n in names if n in turned])
            ours[names[0]] = _judged(judged)
            theirs[names[0]] = _part(expected["traits"][names[0][0]][how], ours[names[0]])
            if names[0] == "A1":
                reference = expected["traits"]["A"][how]
                _add_reliability(agreement, ours["A1"], reference, how)
                if how == "pairwise":
                    _add_same_rows(agreement, judged, reference)
        agreement.add(f"five traits | ({how})", ours, theirs)
    return agreement


def _add_same_rows(agreement: Agreement, judged: Reliability, reference: dict[str, Any]) -> None:
    """Standardised alpha of the correlations over the rows of each pair, which KMO is made of."""
    k, ours = len(judged.items), judged.standardised_alpha
    theirs = reference["alpha_std_from_R_same_rows"]
    rows = judged.correlations.select(list(judged.items)).to_pylist()
    r = (sum(sum(row.values()) for row in rows) - k) / (k * (k - 1))
    agreement.add(
        "agreeableness, alpha of same-row correlations",
        ours,
        theirs,
        (f"{ours:.6f}", f"{theirs:.6f}"),
        "cor(use = 'pairwise'); ours is cov2cor, as psych::alpha",
        k * r / (1 + (k - 1) * r),
    )


def _late(table: pa.Table) -> pa.Table:
    """How late an order came, by the days and by the time stamps."""
    arrived, promised = table["order_delivered_customer_date"], table["order_estimated_delivery_date"]
    seconds = pc.cast(pc.seconds_between(promised, arrived), pa.float64())
    table = table.append_column("days_late", pc.days_between(promised, arrived))
    return table.append_column("hours_late", pc.divide(seconds, 3600.0))


def _turned(late: dict[str, Any]) -> dict[str, Any]:
    """Of a share of late orders that of the others."""
    low, high = late["wilson95"]
    return {
        "n": late["n"],
        "satisfied": late["n"] - late["satisfied"],
        "rate": 1 - late["rate"],
        "wilson95": [1 - high, 1 - low],
    }


def _orders(surveys: Surveys) -> Agreement:
    agreement = Agreement("Orders: on-time delivery and review score")
    expected = surveys.expected["orders"]
    policy = Policy.load(surveys.policy("orders"))
    orders = _late(surveys.tables["orders"])
    reviews = surveys.tables["reviews"].join(
        orders.select(["order_id", "order_purchase_timestamp"]), "order_id"
    )
    of_orders, of_reviews = (
        ["on_time", "on_time_to_the_second"],
        ["review_mean", "review_deviation", "satisfied"],
    )
    figures = _figures(policy, orders, measures=of_orders)
    ours, stamps = (_share(figures[name,]) for name in of_orders)
    theirs, by_stamp = _turned(expected["by_date"]), _turned(expected["by_time_stamp"])
    agreement.add("on time", ours, theirs, _both(ours, theirs))
    agreement.add(
        "on time by time stamp",
        ours,
        by_stamp,
        _both(ours, by_stamp),
        "a promise of midnight taken as an instant; ours: as a day",
        stamps,
    )
    time: dict[str, Any] = {"time": "order_purchase_timestamp"}
    monthly: dict[str, list[Any]] = {}
    for (month, _), row in _figures(policy, orders, measures=["on_time"], **time).items():
        if row["n"]:
            monthly[month] = [row["n"], row["n"] - round(row["value"] * row["n"])]
    agreement.add(
        "by month: delivered, on time",
        monthly,
        {month: list(counts) for month, counts in expected["late_by_month"].items()},
    )
    figures = _figures(policy, reviews, measures=[*of_reviews, "delighted"])
    mean = figures["review_mean",]
    agreement.add("mean review score", mean["value"], expected["satisfied"]["mean"])
    for name, key in (("review score 4 or 5", "satisfied"), ("review score 5", "delighted")):
        ours = _share(figures[key,])
        agreement.add(name, ours, _part(expected[key], ours), _both(ours, expected[key]))
    by_month = _figures(policy, reviews, measures=[*of_reviews, "low"], **time)
    found, wanted = {}, {}
    for month, each in expected["months"].items():
        row = {name: by_month[month, name] for name in (*of_reviews, "low")}
        n = row["review_mean"]["n"]
        # The reference is a table with twelve digits.
        found[month] = {
            "n": n,
            "mean": row["review_mean"]["value"],
            "sd": row["review_deviation"]["value"],
            "top2": round(row["satisfied"]["value"] * n),
            "low": round(row["low"]["value"] * n),
        }
        wanted[month] = _part(each, found[month])
    agreement.add("by month: reviews, mean, deviation, 4 or 5, 1 or 2", found, wanted)
    return agreement


def _hospitals(surveys: Surveys) -> Agreement:
    agreement = Agreement("Hospitals: boxes, and groups too small to be shown")
    expected = surveys.expected["hospitals"]
    policy = Policy.load(surveys.policy("boxes"))
    table = _by_hospital(surveys.tables["hospitals"], policy)
    figures = _figures(policy, table)
    ours = {
        name: {
            "n": figures[name,]["n"],
            "mean": figures[name,]["value"],
            "sd": figures[f"{name}_deviation",]["value"],
        }
        for name in expected["boxes"]
    }
    wanted = {name: _part(box, ours[name]) for name, box in expected["boxes"].items()}
    agreement.add("six boxes: hospitals, mean, deviation", ours, wanted)
    agreement.add("9 or 10 less 0 to 6", figures["net_rating",]["value"], expected["net_rating"])
    least = next(measure for measure in policy.measures if measure["id"] == "rating_high")["min_answers"]
    shown: dict[str, dict[str, Any]] = {}
    hidden: dict[str, dict[str, Any]] = {}
    for (county, _), row in _figures(policy, table, by="County.Name", measures=["rating_high"]).items():
        (hidden if row["value"] is None else shown)[county] = row
    counted: dict[str, list[int]] = expected["counties"]
    large = {county: of for county, of in counted.items() if len(of) >= least}
    agreement.add(
        "counties with 5 hospitals or more",
        {county: [row["n"], row["value"]] for county, row in shown.items()},
        {county: [len(of), sum(of) / len(of)] for county, of in large.items()},
        (f"{len(shown)}", f"{len(large)}"),
    )
    agreement.add(
        "counties too small to be shown",
        {county: [row["n"], row["reason"]] for county, row in hidden.items()},
        {
            county: [len(of), "too_few" if of else "empty"]
            for county, of in counted.items()
            if county not in large
        },
        (f"{len(hidden)}", f"{len(counted) - len(large)}"),
    )
    return agreement


def _by_hospital(table: pa.Table, policy: Policy) -> pa.Table:
    """A row for each hospital with a column for each of its published percentages."""
    fields = [m["number"].get("field", m["id"]) for m in policy.metrics if "number" in m]
    rows: dict[Any, dict[str, Any]] = {}
    for row in table.to_pylist():
        hospital = rows.setdefault(row["Provider.ID"], {"County.Name": row["County.Name"]})
        hospital[row["HCAHPS.Measure.ID"]] = row["HCAHPS.Answer.Percent"]
    types = [("County.Name", pa.string()), *((name, pa.float64()) for name in fields)]
    columns = [[row.get(name) for row in rows.values()] for name, _ in types]
    return pa.table([pa.array(c, t) for c, (_, t) in zip(columns, types, strict=True)], [n for n, _ in types])
