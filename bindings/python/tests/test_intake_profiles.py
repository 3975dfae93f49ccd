"""What each profile makes of a file in its tool's shape."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import intake_files as files
import pyarrow as pa
import pytest
from intake_files import save
from libcsat import intake
from pyarrow import feather, parquet


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def column(imported: intake.Imported, name: str) -> list[Any]:
    values: list[Any] = imported.responses[name].to_pylist()
    return values


def about(imported: intake.Imported, name: str) -> dict[str, str]:
    metadata = imported.responses.schema.field(name).metadata
    return {key.decode(): value.decode() for key, value in metadata.items()}


@pytest.mark.parametrize("name", files.FILES)
def test_profiles_are_found_and_told_why(name: str, tmp_path: Path) -> None:
    path = save(tmp_path / files.FILES[name][0], files.FILES[name][1])
    imported = intake.read(path)
    assert imported.sources[0].profile == name
    assert imported.sources[0].reason
    assert imported.rejected.num_rows == 0
    forced = intake.read(path, profile=name)
    assert forced.sources[0].reason == "it was given"
    assert forced.responses.equals(imported.responses, check_metadata=True)


@pytest.mark.parametrize("name", files.FILES)
def test_standard_columns_come_first_and_have_their_types(name: str, tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / files.FILES[name][0], files.FILES[name][1]), zone="Asia/Shanghai")
    schema = imported.responses.schema
    standard = [field.name for field in schema if field.name in intake.STANDARD]
    assert schema.names[: len(standard)] == standard
    assert standard == [known for known in intake.STANDARD if known in standard]
    for known in standard:
        assert schema.field(known).type == intake.STANDARD[known], known
    texts = pa.dictionary(pa.int32(), pa.string())
    for field in schema:
        assert field.metadata[b"csat.role"] in (b"standard", b"question", b"option", b"attribute", b"missing")
        if field.metadata[b"csat.role"] in (b"question", b"option"):
            assert field.type in (pa.float64(), pa.int8(), texts), field
    assert schema.metadata[b"csat.shape"] == b"responses/1"


def test_qualtrics(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "q.csv", files.qualtrics()))
    # The third header row says the zone.
    assert column(imported, "started_at")[0] == at("2025-03-01T09:00:00+08:00")
    assert column(imported, "submitted_at")[2] == at("2025-03-03T09:02:05+08:00")
    assert column(imported, "response_id") == ["R_1", "R_2", "R_3"]
    assert column(imported, "respondent_id") == ["00701", "00702", "00703"]
    assert column(imported, "duration_ms") == [125_000] * 3
    assert column(imported, "is_test") == [False, True, False]  # marked, not dropped
    assert column(imported, "Q1") == [1, 2, 3]
    assert about(imported, "Q1")["csat.text"] == "How satisfied are you\nwith us?"
    assert [column(imported, f"Q2_{n}") for n in (1, 2, 3)] == [[1, 0, 1], [0, 1, 0], [0, 0, 1]]
    assert about(imported, "Q2_1")["csat.option"] == "Phone"
    assert column(imported, "Q2_3_TEXT")[2] == '=1+1, "quoted"\nline'
    assert column(imported, "region") == ["01"] * 3
    assert "csat.personal" in about(imported, "IPAddress")
    assert imported.counts.header == 4  # One of the three header rows has two lines.


def test_qualtrics_with_two_header_rows(tmp_path: Path) -> None:
    rows = files.qualtrics()
    rows[0] = [
        {"ResponseId": "ResponseID", "ExternalReference": "ExternalDataReference"}.get(n, n) for n in rows[0]
    ]
    imported = intake.read(save(tmp_path / "q.csv", [*rows[:2], *rows[3:]]), zone="Asia/Shanghai")
    assert (imported.sources[0].profile, imported.counts.read) == ("qualtrics", 3)
    assert column(imported, "respondent_id") == ["00701", "00702", "00703"]
    assert imported.sources[0].notes


def test_qualtrics_in_numbers_keeps_its_columns(tmp_path: Path) -> None:
    rows = files.qualtrics()
    for row in rows[3:]:
        for n in (13, 14, 15):
            row[n + 0] = "1" if row[n] else ""
    imported = intake.read(save(tmp_path / "q.csv", rows))
    assert column(imported, "Q2_2") == [None, 1, None]


def test_surveymonkey(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "m.csv", files.surveymonkey()), zone="UTC")
    assert column(imported, "response_id")[0] == "118052219061118052"
    assert column(imported, "started_at")[:2] == [
        at("2025-03-09T13:30:00+00:00"),
        at("2025-03-10T00:30:00+00:00"),
    ]
    assert column(imported, "Q1") == [9, 10, 7]
    # Who chose and wrote nothing has not answered; who wrote something else chose none of the options.
    assert column(imported, "Q2_1") == [1, 0, None]
    assert column(imported, "Q2_2") == [1, 0, None]
    assert column(imported, "Q2_3") == [None, "by fax", None]
    assert column(imported, "Q3_1") == ["Good", "Bad", "Good"]
    known = {"csat.text": "Rate", "csat.option": "Speed", "csat.question": "Q3"}
    assert about(imported, "Q3_2").items() >= known.items()
    assert column(imported, "Q4")[2] == "两行\n答案"


def test_surveymonkey_keeps_what_nobody_chose(tmp_path: Path) -> None:
    lines = [
        "Respondent ID,Collector ID,Start Date,End Date,How?,Which?,,,Rate,,",
        ",,,,Response,Phone,Web,,Price,Staff,",
        "1,2,03/05/2025 02:03:04 PM,03/05/2025 02:05:04 PM,Well,Phone,,,5,,",
        "2,2,03/05/2025 02:03:04 PM,03/05/2025 02:05:04 PM,Well,Phone,,,4,,",
    ]
    path = save(tmp_path / "monkey.csv", "\n".join(lines) + "\n")
    imported = intake.read(path)
    assert column(imported, "Q2_1") == [1, 1]
    assert column(imported, "Q2_2") == [0, 0]
    assert column(imported, "Q3_2") == [None, None]
    # A separator at the end of a line is no column.
    assert [name for name in imported.responses.column_names if name.startswith("Q")] == [
        *("Q1", "Q2_1", "Q2_2", "Q3_1", "Q3_2")
    ]


def test_limesurvey(tmp_path: Path) -> None:
    text = files.limesurvey_text(files.limesurvey())
    imported = intake.read(save(tmp_path / "l.csv", text), zone="Europe/Berlin")
    assert imported.counts.blank == 1
    assert column(imported, "finished") == [True, False, True]
    # 1980 stands for a submission whose time the survey does not keep.
    assert column(imported, "submitted_at") == [at("2025-03-01T10:05:00+01:00"), None, None]
    assert column(imported, "submitted_at_missing") == [None, None, "the survey keeps no times"]
    assert column(imported, "duration_ms") == [299_500, 61_000, 60_000]
    assert column(imported, "seed")[0] == "0012345678901"
    assert column(imported, "Q2_SQ001") == [1, 0, None]
    assert column(imported, "Q2_other") == [None, "另一个\n回答", None]
    assert column(imported, "Q3_A") == ["A1", "A2", "A1"]


LIME_WORDS = {
    "id": "Response ID",
    "submitdate": "Date submitted",
    "lastpage": "Last page",
    "startlanguage": "Start language",
    "seed": "Seed",
    "token": "Access code",
    "startdate": "Date started",
    "datestamp": "Date last action",
    "ipaddr": "IP address",
    "interviewtime": "Total time",
    "Q1": "How satisfied are you?",
    "Q2[SQ001]": "Which do you use? [Phone]",
    "Q2[SQ002]": "Which do you use? [Mail]",
    "Q2[other]": "Which do you use? [Other]",
    "Q3[A]": "Rate [Price]",
    "Q3[B]": "Rate [Speed]",
}


@pytest.mark.parametrize("form", ["texts", "codes and texts", "json"])
def test_limesurvey_with_other_headings(form: str, tmp_path: Path) -> None:
    rows = files.limesurvey()
    if form == "json":
        answers = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        imported = intake.read(save(tmp_path / "l.json", {"responses": answers}))
        names = ["Q1", "Q2_SQ001", "Q3_B"]
    else:
        headings = [
            LIME_WORDS[code] if form == "texts" else f"{code}. {LIME_WORDS[code]}" for code in rows[0]
        ]
        imported = intake.read(save(tmp_path / "l.csv", files.limesurvey_text([headings, *rows[1:]])))
        names = ["Q1", "Q2_1", "Q3_2"] if form == "texts" else ["Q1", "Q2_SQ001", "Q3_B"]
        assert about(imported, names[0])["csat.text"] == "How satisfied are you?"
    assert imported.sources[0].profile == "limesurvey"
    assert column(imported, "finished") == [True, False, True]
    assert [column(imported, name) for name in names] == [[5, 4, 3], [1, 0, None], ["A2", "A2", "A1"]]


def test_formbricks(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "f.csv", files.formbricks()), zone="Europe/Berlin")
    assert column(imported, "submitted_at")[0] == at("2025-03-01T10:00:00+01:00")
    assert column(imported, "finished") == [True, False]
    assert column(imported, "respondent_id") == ["u1", "u2"]
    # Option ids tell two choices from one with a semicolon; free text with one stays whole.
    assert column(imported, "Q2_Mail") == [1, 1] and column(imported, "Q2_Phone") == [1, 0]
    assert column(imported, "Q4") == ["one; two", None]
    assert column(imported, "Q3_2") == ["bad", "good"]
    assert about(imported, "Q3_2")["csat.option"] == "Speed"


def test_chatwoot(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "c.csv", files.chatwoot_text(files.chatwoot())))
    assert column(imported, "rating") == [5, 2]
    assert column(imported, "submitted_at")[0] == at("2025-03-01T10:00:00+00:00")
    assert column(imported, "respondent_id") == ["bo@example.org", "+4900124"]
    (trailer,) = [lines for lines in imported.sources[0].passed if lines.what == "trailer"]
    assert "reporting period" in trailer.reason and trailer.first == imported.counts.lines
    english = [["Agent name", "Rating", "Feedback comment", "Contact name", "a", "b", "c", "d"]]
    empty = intake.read(save(tmp_path / "e.csv", files.chatwoot_text(english)))
    assert (empty.sources[0].profile, empty.counts.read, empty.counts.trailer) == ("chatwoot", 0, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_wenjuanxing(encoding: str, tmp_path: Path) -> None:
    path = save(tmp_path / "答卷.csv", files.csv_text(files.wjx()), encoding)
    imported = intake.read(path, zone="Asia/Shanghai")
    assert column(imported, "submitted_at")[2] == at("2025-03-02T00:00:01+08:00")
    assert column(imported, "duration_ms") == [125_000, 61_000, 300_000]
    assert column(imported, "channel") == ["手机提交", "微信", "链接"]
    assert column(imported, "Q1") == [5, 4, 3]
    assert column(imported, "Q2_微信") == [1, 0, None]
    assert column(imported, "Q2_其他") == [0, 1, None]
    assert column(imported, "Q2_其他_text") == [None, "短信", None]
    assert column(imported, "Q2_missing") == [None, None, "skipped"]
    assert column(imported, "Q3_外观") == [2, 1, None]
    assert column(imported, "Q4_1") == ["很好", "一般", "很差"]
    assert about(imported, "Q4_1")["csat.option"] == "外观"
    assert column(imported, "Q5") == ["服务很好，继续\n努力", None, None]
    assert column(imported, "Q5_missing") == [None, "blank", None]


def test_wenjuanxing_by_option_numbers(tmp_path: Path) -> None:
    rows = [["序号", "提交答卷时间", "1、性别", "第2题(微信)", "第2题(电话)", "3、渠道"],
            ["1", "2025/3/1 9:05:07", "1", "1", "0", "1┋3"],
            ["2", "2025/3/1 9:06:07", "-3", "-3", "-3", "-2"]]  # fmt: skip
    imported = intake.read(save(tmp_path / "w.csv", rows))
    assert column(imported, "Q1") == [1, None]
    assert column(imported, "Q1_missing") == [None, "skipped"]
    assert column(imported, "Q2_1") == [1, None] and column(imported, "Q2_2") == [0, None]
    assert column(imported, "Q3_3") == [1, None]
    assert column(imported, "Q3_missing") == [None, "blank"]


def test_long_record(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "r.csv", files.long_record()))
    assert column(imported, "response_id") == ["t1/s1", "t1/s2", "t1/s3"]
    assert column(imported, "submitted_at")[0] == at("2025-03-01T10:01:00.250+08:00")
    assert column(imported, "wave") == [None, "2025Q1", None]
    assert column(imported, "is_test") == [None, True, None]
    assert column(imported, "channel") == ["online_form"] * 3  # P2-51
    assert column(imported, "recommend") == [9, 0, None]
    assert column(imported, "recommend_missing") == [None, None, "duplicate click"]
    assert column(imported, "again") == [1, None, None]
    assert column(imported, "visited") == [None, None, "2025-02-28"]
    assert about(imported, "overall")["csat.scale"] == "[1.0, 5.0]"
    assert about(imported, "recommend")["csat.scale"] == "[0.0, 10.0]"
    assert json.loads(about(imported, "channel_used")["csat.labels"]) == {"c1": "Phone"}
    assert (imported.counts.read, imported.counts.accepted, imported.counts.responses) == (8, 8, 3)


@pytest.mark.parametrize("form", ["array", "object", "lines"])
def test_long_record_as_json(form: str, tmp_path: Path) -> None:
    rows = files.long_record()
    records: list[dict[str, Any]] = []
    for row in rows[1:]:
        record: dict[str, Any] = {name: cell for name, cell in zip(rows[0], row, strict=True) if cell}
        for name in ("value_number", "scale_min", "scale_max"):
            if name in record:
                record[name] = int(record[name])
        if "value_boolean" in record:
            record["value_boolean"] = True
        if "metadata" in record:
            record["metadata"] = json.loads(record["metadata"])
        records.append(record)
    if form == "lines":
        text = "".join(json.dumps(record) + "\n" for record in records)
    else:
        text = json.dumps(records if form == "array" else {"data": records, "total": len(records)})
    imported = intake.read(save(tmp_path / ("r.jsonl" if form == "lines" else "r.json"), text))
    plain = intake.read(save(tmp_path / "r.csv", rows))
    assert imported.sources[0].profile == "long"
    assert imported.responses.select(plain.responses.column_names).to_pylist() == plain.responses.to_pylist()


def test_zendesk_ratings(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "z.json", files.zendesk_ratings()))
    # An id beyond 2^53 keeps its digits.
    assert column(imported, "response_id") == ["35436", "9007199254740993", "35438"]
    assert column(imported, "score") == ["good", "bad", None]
    # Offered and not given: asked, and not answered.
    assert column(imported, "score_missing") == [None, None, "offered"]
    assert column(imported, "finished") == [True, True, False]
    names = list(files.zendesk_ratings()["satisfaction_ratings"][0])
    rows = [[str(r[name] or "") for name in names] for r in files.zendesk_ratings()["satisfaction_ratings"]]
    again = intake.read(save(tmp_path / "z.csv", [names, *rows]))
    assert again.sources[0].profile == "zendesk"
    same = ["response_id", "submitted_at", "score", "finished", "comment"]
    assert again.responses.select(same).to_pylist() == imported.responses.select(same).to_pylist()


def test_zendesk_survey_responses(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "z.json", files.zendesk_responses()))
    assert column(imported, "respondent_id") == ["4398080151295", "4398080151296"]
    assert column(imported, "customer_satisfaction") == [5, 2]
    assert column(imported, "comment") == ["Quick", None]
    assert column(imported, "comment_missing") == [None, "skipped"]
    assert column(imported, "01W") == ["Speed", None]
    assert about(imported, "01W")["csat.text"] == "Why?"
    assert column(imported, "submitted_at")[0] == at("2025-03-01T12:00:00.250+00:00")


def test_wide(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "w.csv", files.wide()))
    assert column(imported, "response_id") == ["001", "002", "003"]
    assert column(imported, "quality") == [5, 4, None]
    assert column(imported, "price") == [3.5, 2, 1]
    assert column(imported, "why") == ["快", "好", None]
    # What a spreadsheet would run is text here.
    assert column(imported, "note") == ["=cmd()", "@x", "+1"]


MAPPING = {
    "separator": ";",
    "decimal": ",",
    "dates": "dmy",
    "zone": "Europe/Berlin",
    "wave": "2025Q1",
    "test": {"column": "who", "values": ["tester"]},
    "columns": {
        "Nr": {"as": "response_id"},
        "who": {"as": "respondent_id"},
        "wann": {"as": "submitted_at"},
        "Minuten": {"as": "duration_ms", "type": "duration", "unit": "min"},
        "fertig": {"as": "finished", "true": ["ja"], "false": ["nein"]},
        "Note": {"as": "grade", "type": "number", "min": 1, "max": 6, "missing": {"9": "no idea"}},
        "Urteil": {"as": "verdict", "type": "words", "words": {"gut": 1, "schlecht": 0}},
        "Wege": {"as": "ways", "type": "multi", "separator": "|"},
        "Satz": {"type": "text", "text": "Was noch?"},
    },
}
MAPPED = (
    "Nr;who;wann;Minuten;fertig;Note;Urteil;Wege;Satz;extra\n"
    "007;c1;31.03.2025 10:00;1,5;ja;2,5;gut;Post|Fax;0123;x\n"
    "008;tester;01/04/2025 10:00;2;nein;9;schlecht;;;\n"
)


def test_wide_with_a_mapping(tmp_path: Path) -> None:
    mapping = {**MAPPING, "columns": {**MAPPING["columns"], "Minuten": {"as": "minutes", "type": "number"}}}
    path = save(tmp_path / "w.csv", MAPPED)
    imported = intake.read(path, mapping=mapping)
    assert column(imported, "response_id") == ["007", "008"]
    assert column(imported, "wave") == ["2025Q1"] * 2
    # Summer time has begun in between.
    assert column(imported, "submitted_at") == [
        at("2025-03-31T10:00:00+02:00"),
        at("2025-04-01T10:00:00+02:00"),
    ]
    assert column(imported, "finished") == [True, False]
    assert column(imported, "is_test") == [False, True]
    assert column(imported, "minutes") == [1.5, 2]
    assert column(imported, "grade") == [2.5, None]
    assert column(imported, "grade_missing") == [None, "no idea"]
    assert column(imported, "verdict") == [1, 0]
    assert column(imported, "ways_Fax") == [1, None]
    assert column(imported, "Satz") == ["0123", None]
    assert about(imported, "Satz")["csat.text"] == "Was noch?"
    assert column(imported, "extra") == ["x", None]
    left = intake.read(path, mapping={**mapping, "others": "leave out"})
    assert "extra" not in left.responses.column_names
    with pytest.raises(ValueError, match="does not name column 'extra'"):
        intake.read(path, mapping={**mapping, "others": "refuse"})


def test_rows_without_an_id_keep_equal_rows_apart(tmp_path: Path) -> None:
    path = save(tmp_path / "w.csv", "q1,q2\n5,4\n5,4\n3,1\n")
    imported = intake.read(path)
    assert imported.responses.num_rows == 3
    assert len(set(column(imported, "response_id"))) == 3
    assert column(intake.read(path), "response_id") == column(imported, "response_id")


def test_excel(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["response_id", "submitted_at", "duration_ms", "finished", "q1", "q2", "when"])
    sheet.append(["007", datetime(2025, 3, 1, 10, 0), 125_000, True, 5, 0.1, date(2025, 3, 1)])
    sheet.append([])
    sheet.append([8, datetime(2025, 3, 1, 11, 0), 1000, False, 4, "=1+", None])
    book.save(tmp_path / "b.xlsx")
    imported = intake.read(tmp_path / "b.xlsx", zone="Asia/Shanghai")
    assert imported.sources[0].profile == "excel"
    # The formula has no stored result.
    assert [(d["row"], d["column"], d["rule"]) for d in imported.rejected.to_pylist()] == [
        (4, "q2", "formula-without-value")
    ]
    assert column(imported, "response_id") == ["007"]
    assert column(imported, "submitted_at") == [at("2025-03-01T10:00:00+08:00")]
    assert column(imported, "finished") == [True]
    assert column(imported, "q2") == [0.1]
    assert column(imported, "when") == ["2025-03-01 00:00:00"]
    assert imported.counts.blank == 1


def test_exports_of_tools_as_excel(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    for name, rows in (
        ("wjx", files.wjx()),
        ("surveymonkey", files.surveymonkey()),
        ("qualtrics", files.qualtrics()),
    ):
        book = openpyxl.Workbook()
        for row in rows:
            # A text that begins with = would be a formula.
            book.active.append([cell.lstrip("=") or None for cell in row])
        book.save(tmp_path / f"{name}.xlsx")
        imported = intake.read(tmp_path / f"{name}.xlsx", zone="Asia/Shanghai")
        rows = [[cell.lstrip("=") for cell in row] for row in rows]
        text = intake.read(save(tmp_path / f"{name}.csv", rows), zone="Asia/Shanghai")
        assert imported.sources[0].profile == name
        assert imported.responses.equals(text.responses), name


def test_spss_files_have_an_encoding(tmp_path: Path) -> None:
    spss, pd = pytest.importorskip("pyreadstat"), pytest.importorskip("pandas")
    spss.write_sav(pd.DataFrame({"response_id": ["a"], "q": [5.0]}), tmp_path / "s.sav")
    assert intake.read(tmp_path / "s.sav", encoding="utf-8").counts.accepted == 1


def test_spss(tmp_path: Path) -> None:
    spss, pd = pytest.importorskip("pyreadstat"), pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "response_id": ["a1", "a2", "a3", "a4"],
            "满意度": [5.0, 99.0, None, 1.0],
            "price": [2.0, -7.0, 3.5, 4.0],
            "why": ["很好", "NA", "", "差"],
            "submitted_at": [datetime(2025, 3, 1, 10, 0, 5)] * 4,
        }
    )
    for suffix in ("sav", "zsav"):
        path = tmp_path / f"s.{suffix}"
        spss.write_sav(
            frame,
            path,
            compress=suffix == "zsav",
            column_labels={"满意度": "总体满意度如何？"},
            variable_value_labels={"满意度": {1.0: "很差", 5.0: "很好", 99.0: "拒答"}},
            missing_ranges={"满意度": [99], "price": [{"lo": -9, "hi": -1}], "why": ["NA"]},
        )
        imported = intake.read(path, zone="Asia/Shanghai")
        assert imported.sources[0].profile == "spss"
        assert column(imported, "满意度") == [5, None, None, 1]
        assert column(imported, "满意度_missing") == [None, "拒答", None, None]
        assert about(imported, "满意度")["csat.text"] == "总体满意度如何？"
        labels = json.loads(about(imported, "满意度")["csat.labels"])
        assert labels == {"1": "很差", "5": "很好", "99": "拒答"}
        assert json.loads(about(imported, "满意度")["csat.missing"]) == {"99": "拒答"}
        assert column(imported, "price") == [2, None, 3.5, 4]
        assert column(imported, "price_missing") == [None, "-7", None, None]
        assert column(imported, "why") == ["很好", None, None, "差"]
        assert column(imported, "submitted_at")[0] == at("2025-03-01T10:00:05+08:00")


@pytest.mark.parametrize("kind", ["parquet", "arrow", "stream", "feather"])
def test_arrow(kind: str, tmp_path: Path) -> None:
    table = pa.table(
        {
            "response_id": pa.array([9007199254740993, 2, 3]),
            "submitted_at": pa.array([0, 1000, None], pa.timestamp("s", "Asia/Shanghai")),
            "finished": [True, False, None],
            "q1": pa.array([5, 4, None], pa.int8()),
            "q2": pa.array(["a", "b", "a"]).dictionary_encode(),
            "ok": [True, None, False],
            "day": pa.array([date(2025, 3, 1), None, None]),
        }
    )
    path = tmp_path / f"t.{kind}"
    if kind == "parquet":
        parquet.write_table(table, path, row_group_size=2)
    elif kind == "feather":
        feather.write_feather(table, path)
    else:
        writer = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with writer(path, table.schema) as out:
            out.write_table(table)
    imported = intake.read(path)
    assert imported.sources[0].profile == "arrow"
    assert column(imported, "response_id") == ["9007199254740993", "2", "3"]
    assert column(imported, "submitted_at")[1] == at("1970-01-01T00:16:40+00:00")
    assert column(imported, "q1") == [5, 4, None]
    assert column(imported, "ok") == [1, None, 0]
    assert column(imported, "day") == ["2025-03-01", None, None]


def test_an_import_comes_in_as_it_is(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "w.csv", files.csv_text(files.wjx())), zone="Asia/Shanghai")
    parquet.write_table(imported.responses, tmp_path / "r.parquet")
    again = intake.read(tmp_path / "r.parquet")
    assert again.responses.to_pylist() == imported.responses.to_pylist()
    for name in ("Q2_微信", "Q4_1"):
        assert about(again, name)["csat.option"] == about(imported, name)["csat.option"]
