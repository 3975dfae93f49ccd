"""Small exports in the shapes of the tools that make them, written for the tests. Nobody in them exists."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

Rows = list[list[str]]


def csv_text(rows: Rows, separator: str = ",", quote_all: bool = False, end: str = "\r\n") -> str:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue()


def _import_ids(names: list[str]) -> list[str]:
    ids = []
    for name in names:
        about = {"ImportId": f"QID{name[1:]}" if name[:1] == "Q" else name}
        if name.endswith("Date"):
            about["timeZone"] = "Asia/Shanghai"
        ids.append(json.dumps(about, separators=(",", ":")))
    return ids


QUALTRICS_NAMES = (
    "StartDate EndDate Status IPAddress Progress;Duration (in seconds);Finished RecordedDate ResponseId "
    "ExternalReference DistributionChannel UserLanguage Q1 Q2_1 Q2_2 Q2_3 Q2_3_TEXT region"
).replace(";", "\0")
QUALTRICS_NAMES = [
    part for words in QUALTRICS_NAMES.split("\0") for part in ([words] if "(" in words else words.split(" "))
]
QUALTRICS_TEXTS = [
    *QUALTRICS_NAMES[:12],
    "How satisfied are you\nwith us?",
    "Which do you use? - Selected Choice - Phone",
    "Which do you use? - Selected Choice - Mail",
    "Which do you use? - Selected Choice - Other",
    "Which do you use? - Other - Text",
    "region",
]


def _qualtrics_row(n: int, status: str = "IP Address", **cells: str) -> list[str]:
    row = {
        "StartDate": f"2025-03-0{n} 09:00:00",
        "EndDate": f"2025-03-0{n} 09:02:05",
        "Status": status,
        "IPAddress": "192.0.2.1",
        "Progress": "100",
        "Duration (in seconds)": "125",
        "Finished": "True",
        "RecordedDate": f"2025-03-0{n} 09:02:06",
        "ResponseId": f"R_{n}",
        "ExternalReference": f"0070{n}",
        "DistributionChannel": "anonymous",
        "UserLanguage": "EN",
        "Q1": str(n),
        "Q2_1": "Phone" if n % 2 else "",
        "Q2_2": "" if n % 2 else "Mail",
        "Q2_3": "Other" if n == 3 else "",
        "Q2_3_TEXT": '=1+1, "quoted"\nline' if n == 3 else "",
        "region": "01",
    } | cells
    return [row[name] for name in QUALTRICS_NAMES]


def qualtrics() -> Rows:
    return [
        QUALTRICS_NAMES,
        QUALTRICS_TEXTS,
        _import_ids(QUALTRICS_NAMES),
        _qualtrics_row(1),
        _qualtrics_row(2, "Survey Preview"),
        _qualtrics_row(3),
    ]


def surveymonkey() -> Rows:
    leading = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Custom Data 1"]
    # Ids of this length lose digits where they are read as numbers.
    return [
        [*leading, "How likely are you to recommend us?", "Which do you use?", "", "", "Rate", "",
         "Anything else?"],
        ["", "", "", "", "", "", "Response", "Phone", "Mail", "Other (please specify)", "Price", "Speed",
         "Open-Ended Response"],
        ["118052219061118052", "446111201", "03/09/2025 01:30:00 PM", "03/09/2025 01:34:10 PM", "192.0.2.7",
         "a", "9", "Phone", "Mail", "", "Good", "Bad", "fine, thanks"],
        ["118052219061118053", "446111201", "03/10/2025 12:30:00 AM", "03/10/2025 12:31:00 AM", "192.0.2.8",
         "b", "10", "", "", "by fax", "Bad", "Good", ""],
        ["118052219061118054", "446111201", "03/11/2025 12:30:00 PM", "03/11/2025 12:31:00 PM", "192.0.2.9",
         "c", "7", "", "", "", "Good", "Good", "两行\n答案"],
    ]  # fmt: skip


def limesurvey() -> Rows:
    return [
        ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "ipaddr",
         "Q1", "Q2[SQ001]", "Q2[SQ002]", "Q2[other]", "Q3[A]", "Q3[B]", "interviewtime"],
        ["1", "2025-03-01 10:05:00", "3", "en", "0012345678901", "tok1", "2025-03-01 10:00:00",
         "2025-03-01 10:05:00", "192.0.2.1", "5", "Y", "", "", "A1", "A2", "299.5"],
        ["2", "", "1", "zh-Hans", "0012345678902", "tok2", "2025-03-01 11:00:00", "2025-03-01 11:01:00",
         "192.0.2.2", "4", "", "Y", "另一个\n回答", "A2", "A2", "61"],
        ["3", "1980-01-01 00:00:00", "3", "en", "0012345678903", "tok3", "2025-03-01 12:00:00",
         "2025-03-01 12:01:00", "192.0.2.3", "3", "", "", "", "A1", "A1", "60"],
    ]  # fmt: skip


def limesurvey_text(rows: Rows) -> str:
    """As the tool writes it: byte order mark, all quoted, a blank line at the end."""
    return "\ufeff" + csv_text(rows, ";", quote_all=True) + "\r\n"


def formbricks() -> Rows:
    return [
        ["No.", "Response ID", "Timestamp", "Finished", "Survey ID", "Formbricks ID (internal)", "User ID",
         "Tags",
         "source", "userAgent - os", "1. How satisfied are you?", "2. Which do you use?",
         "2. Which do you use? - Option ID", "3. Rate - Price", "3. Rate - Speed", "4. Comment", "plan"],
        ["1", "cm1", "2025-03-01 10:00:00", "Yes", "sv1", "fb1", "u1", "vip, new", "web", "Windows", "5",
         "Phone; Mail", "o1, o2", "good", "bad", "one; two", "Pro"],
        ["2", "cm2", "2025-03-01 11:00:00", "No", "sv1", "fb2", "u2", "", "web", "macOS", "3",
         "Mail", "o2", "good", "good", "", "Free"],
    ]  # fmt: skip


def chatwoot() -> Rows:
    """With German headings, no header that anybody could know by heart."""
    return [
        ["Agentenname", "Bewertung", "Feedback-Kommentar", "Kontaktname", "Kontakt-E-Mail", "Kontakt-Telefon",
         "Link zur Konversation", "Aufgezeichnet am"],
        ["Ann (ann@example.com)", "5", "Danke, sehr gut", "Bo", "bo@example.org", "+4900123",
         "https://desk.example.com/app/accounts/1/conversations/42", "2025-03-01 10:00:00 UTC"],
        ["Ann (ann@example.com)", "2", "", "", "", "+4900124",
         "https://desk.example.com/app/accounts/1/conversations/43", "2025-03-02 10:00:00 UTC"],
    ]  # fmt: skip


def chatwoot_text(rows: Rows) -> str:
    """As the tool writes it: byte order mark, blank lines between rows, a sentence at the end."""
    body = "\n\n".join(csv_text([row], end="\n") for row in rows)
    return "\ufeff" + body + "\nBerichtszeitraum 2025-03-01 bis 2025-03-31\n"


def wjx() -> Rows:
    return [
        ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "1、您的总体满意度",
         "2、您使用过的渠道【多选题】", "3、请按重要性排序", "第4题(外观)", "第4题(价格)", "5、意见或建议"],
        ["1", "2025/3/1 9:05:07", "125秒", "手机提交", "直接访问", "192.0.2.1(上海)", "5",
         "微信┋电话", "价格→外观→服务", "很好", "一般", "服务很好，继续\n努力"],
        ["2", "2025/3/1 10:00:00", "61秒", "微信", "直接访问", "192.0.2.2(北京)", "4",
         "其他〖短信〗", "外观→价格", "一般", "很好", "(空)"],
        ["3", "2025/3/2 0:00:01", "300秒", "链接", "直接访问", "192.0.2.3(广东)", "3",
         "(跳过)", "(跳过)", "很差", "很差", ""],
    ]  # fmt: skip


def long_record() -> Rows:
    lines = (
        "tenant_id submission_id source_type source_id source_name field_id field_type field_label",
        "value_text value_id value_number value_boolean value_date collected_at language user_id metadata",
        "scale_min scale_max excluded_reason",
    )
    names = [name for line in lines for name in line.split(" ")]

    def row(submission: str, field: str, type: str, **cells: str) -> list[str]:
        said = {
            "tenant_id": "t1",
            "submission_id": submission,
            "source_type": "online_form",
            "field_id": field,
            "field_type": type,
            "field_label": f"Question {field}",
            "collected_at": "2025-03-01T10:00:00+08:00",
            "language": "zh",
            "user_id": f"user-{submission}",
        } | cells
        return [said.get(name, "") for name in names]

    return [
        names,
        row("s1", "recommend", "nps", value_number="9"),
        row("s1", "overall", "csat", value_number="4", scale_min="1", scale_max="5"),
        row("s1", "why", "text", value_text="快,\n而且好"),
        row("s1", "again", "boolean", value_boolean="true", collected_at="2025-03-01T10:01:00.250+08:00"),
        row("s2", "recommend", "nps", value_number="0", metadata='{"is_test": true, "wave": "2025Q1"}'),
        row("s2", "channel_used", "categorical", value_text="Phone", value_id="c1"),
        row("s3", "recommend", "nps", value_number="5", excluded_reason="duplicate click"),
        row("s3", "visited", "date", value_date="2025-02-28"),
    ]


def zendesk_ratings() -> Any:
    return {
        "satisfaction_ratings": [
            {"id": 35436, "url": "https://desk.example.com/1.json", "assignee_id": 135, "group_id": 44,
             "requester_id": 7881, "ticket_id": 208, "score": "good", "comment": "Quick!", "reason": None,
             "created_at": "2025-03-01T10:00:00Z", "updated_at": "2025-03-01T11:00:00Z"},
            {"id": 9007199254740993, "url": "https://desk.example.com/2.json",
            "assignee_id": 136, "group_id": 44,
             "requester_id": 7882, "ticket_id": 209, "score": "badwithcomment", "comment": "太慢",
             "reason": "Agent took too long", "created_at": "2025-03-01T10:00:00Z",
             "updated_at": "2025-03-02T11:00:00Z"},
            {"id": 35438, "url": "https://desk.example.com/3.json", "assignee_id": 136, "group_id": 44,
             "requester_id": 7883, "ticket_id": 210, "score": "offered", "comment": None, "reason": None,
             "created_at": "2025-03-03T10:00:00Z", "updated_at": "2025-03-03T10:00:00Z"},
        ],
        "next_page": None,
        "count": 3,
    }  # fmt: skip


def zendesk_responses() -> Any:
    def question(id: str, alias: str | None, type: str, text: str) -> dict[str, Any]:
        about: dict[str, Any] = {"id": id, "type": type, "headline": {"type": "static", "value": text}}
        return about | ({"alias": alias} if alias else {})

    rating = question("01R", "customer_satisfaction", "rating_scale", "How was it?")
    comment = question("01C", "comment", "open_ended", "Anything else?")
    why = question("01W", None, "closed_ended", "Why?")
    at = {"created_at": "2025-03-01T12:00:00.000Z", "updated_at": "2025-03-01T12:00:00.250Z"}
    return {
        "survey_responses": [
            {"id": "01J1", "survey_id": "01S", "survey_version": 3, "responder_id": 4398080151295,
             "subject_zrns": ["zen:ticket:99"], "expires_at": "2025-04-01T12:00:00.000Z",
             "answers": [
                 {"type": "rating_scale", "rating": 5, "question": rating, **at},
                 {"type": "open_ended", "value": "Quick", "question": comment, **at},
                 {"type": "closed_ended", "question": why, **at, "selections": [
                     {"type": "predefined", "option": {"id": "o1", "label": {"type": "static",
                     "value": "Speed"}}}]},
             ]},
            {"id": "01J2", "survey_id": "01S", "survey_version": 3, "responder_id": 4398080151296,
             "subject_zrns": ["zen:ticket:100"], "expires_at": "2025-04-01T12:00:00.000Z",
             "answers": [
                 {"type": "rating_scale", "rating": 2, "question": rating, **at},
                 {"type": "skipped", "question": comment, **at},
             ]},
        ]
    }  # fmt: skip


def wide() -> Rows:
    return [
        [
            "response_id",
            "respondent_id",
            "wave",
            "submitted_at",
            "language",
            "quality",
            "price",
            "why",
            "note",
        ],
        ["001", "c1", "2025Q1", "2025-03-01T10:00:00+08:00", "zh", "5", "3.5", "快", "=cmd()"],
        ["002", "c2", "2025Q1", "2025-03-01T11:00:00+08:00", "zh", "4", "2", "好", "@x"],
        ["003", "c3", "2025Q1", "2025-03-01T12:00:00+08:00", "en", "", "1", "", "+1"],
    ]


def save(path: Path, content: str | bytes | Rows | dict[str, Any], encoding: str = "utf-8") -> Path:
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False, indent=1)
    if isinstance(content, list):
        content = csv_text(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


# File and content of each profile that reads text.
FILES: dict[str, tuple[str, Any]] = {
    "qualtrics": ("qualtrics.csv", csv_text(qualtrics())),
    "surveymonkey": ("monkey.csv", csv_text(surveymonkey())),
    "limesurvey": ("lime.csv", limesurvey_text(limesurvey())),
    "formbricks": ("bricks.csv", csv_text(formbricks())),
    "chatwoot": ("chatwoot.csv", chatwoot_text(chatwoot())),
    "wjx": ("答卷.csv", csv_text(wjx())),
    "long": ("long.csv", csv_text(long_record())),
    "zendesk": ("ratings.json", json.dumps(zendesk_ratings(), indent=1)),
    "wide": ("wide.csv", csv_text(wide())),
}
