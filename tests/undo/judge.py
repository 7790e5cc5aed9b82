"""The judge of undo on real servers. It sees what the server's own interface says and what our API answered, nothing else.

A record is {property: [spelled values, in order]} or None where there is none; what the server keeps by itself (stamps,
revisions) is not part of it. A verdict is a sentence, or None.
"""


def differing(a, b):
    """Properties in which two records do not say the same."""
    a, b = a or {}, b or {}
    return {name for name in {*a, *b} if a.get(name, []) != b.get(name, [])}


def same(value):
    return value


def spoken(record, part):
    """The record without what we do not map: `part` cuts a spelled value down."""
    return record and {name: sorted(part(value) for value in values) for name, values in record.items()}


def judge_write(pre, post, allowed):
    """A write changes what the dry run listed and nothing else; `allowed`: properties that the listed fields live in."""
    if post is None:
        return "written, and there is no record"
    touched = differing(pre, post) - allowed if pre is not None else set()
    return f"a write touched {sorted(touched)}, which nobody chose" if touched else None


def judge_undone(pre, post, found, left):
    if pre is None:
        if found is not None and differing(post, found):
            return f"threw away what somebody else had written into {sorted(differing(post, found))}"
        return None if left is None else "taken back, and the new record is still there"
    if left is None:
        return "taken back, and the record is gone"
    written = differing(pre, post)
    overwritten = {name for name in written & differing(found, post) if found.get(name, []) != pre.get(name, [])}
    if overwritten:
        return f"overwrote what somebody else had written into {sorted(overwritten)}"
    lost = {name for name in written if left.get(name, []) != pre.get(name, [])}
    if lost:
        return f"not what was there before: {sorted(lost)}"
    others = differing(found, left) - written
    return f"touched {sorted(others)}, which the write had not" if others else None


def judge_listed(post, found, conflict, fields):
    """Everything that is not as the write left it stands in the list, with its three columns; nothing else does."""
    if conflict is None:
        return "a conflict that is not listed"
    if found is None:
        return None if conflict["gone"] else "the record is gone, and the conflict does not say so"
    if conflict["gone"]:
        return "the conflict says gone, and the record is there"
    rows = {row["field"]: row for row in conflict["fields"]}
    if not rows:
        return "a conflict that lists nothing"
    for row in rows.values():
        if not {"intent", "now", "loaded"} <= set(row):
            return f"no three columns for {row['field']}"
    theirs = {name for name, row in rows.items() if row["theirs"]}
    if any(rows[name]["now"] == rows[name]["loaded"] for name in theirs):
        return "a column of theirs that says what ours says"
    changed = differing(post, found) & set(fields)
    for name in changed:
        if not theirs & set(fields[name]):
            return f"{name} was changed by others and is not listed"
    for name in theirs:
        if not any(name in fields[part] for part in changed):
            return f"{name} is listed as changed by others and is not"
    return None


def judge_undo(evidence, fields, part=same):
    """`evidence`: state, pre, post (around the write), found, left (around the undo), conflict (what the API lists, or None)."""
    pre, post, found, left = (evidence[name] for name in ("pre", "post", "found", "left"))
    if evidence["state"] == "undone":
        return judge_undone(pre, post, found, left)
    if evidence["state"] != "undo_conflict":
        return f"never came to an end: {evidence['state']}"
    if differing(found, left) or (found is None) != (left is None):
        return "changed something although it says it did not"
    ours, theirs = spoken(post, part), spoken(found, part)
    # A change is undone beside what others wrote elsewhere; with a new record all of it would go.
    if found is not None and not (differing(ours, theirs) & set(fields) if pre is not None else differing(post, found)):
        return "a conflict without a reason"
    return judge_listed(ours, theirs, evidence["conflict"], fields)


def judge_restored(originals, now):
    """After the last of all undos where nobody else was at work: every record as it was, and no other."""
    if set(originals) != set(now):
        return f"records that are missing: {sorted(set(originals) - set(now))}, left over: {sorted(set(now) - set(originals))}"
    wrong = {number: sorted(differing(originals[number], now[number])) for number in originals if differing(originals[number], now[number])}
    return f"not what it was: {wrong}" if wrong else None


# ---- What it must convict, and what not ----

FIELDS = {"TITLE": ("job_title",), "TEL": ("phones",)}
A, B, C = ({"TITLE": [text], "TEL": ["1"], "NOTE": ["n"]} for text in "abc")
NOTED = {**B, "NOTE": ["others"]}


def row(field="job_title", now='"c"', theirs=True):
    return {"field": field, "intent": '"a"', "now": now, "loaded": '"b"', "theirs": theirs}


def told(*rows, gone=False):
    return {"gone": gone, "fields": list(rows)}


def case(state, found, left, conflict=None, pre=A, post=B):
    return {"state": state, "pre": pre, "post": post, "found": found, "left": left, "conflict": conflict}


GUILTY = [
    case("undone", B, B), case("undone", C, A), case("undone", B, None), case("undone", B, {**A, "NOTE": []}),
    case("undone", NOTED, A), case("undone", NOTED, None, pre=None), case("undone", B, B, pre=None), case("undoing", B, B), case("undo_conflict", C, A, told(row())),
    case("undo_conflict", B, B, told(row())), case("undo_conflict", C, C), case("undo_conflict", C, C, told()),
    case("undo_conflict", C, C, told(row(theirs=False))), case("undo_conflict", C, C, told(row(now='"b"'))),
    case("undo_conflict", C, C, told(row(), row("phones"))), case("undo_conflict", None, None, told(row())),
    case("undo_conflict", C, C, told(row(), gone=True)), case("undo_conflict", NOTED, NOTED, told(row())),
    case("undo_conflict", C, C, told({"field": "job_title", "now": '"c"', "theirs": True})), case("undo_conflict", C, None, told(row())),
]
INNOCENT = [case("undone", B, A), case("undone", NOTED, {**A, "NOTE": ["others"]}), case("undone", B, None, pre=None),
            case("undone", A, A), case("undo_conflict", C, C, told(row())), case("undo_conflict", None, None, told(row(), gone=True)),
            case("undo_conflict", NOTED, NOTED, told(row(now='"b"', theirs=False)), pre=None)]


def test_itself():
    for n, evidence in enumerate(GUILTY):
        assert judge_undo(evidence, FIELDS), f"the judge lets guilty case {n} go"
    for n, evidence in enumerate(INNOCENT):
        assert not judge_undo(evidence, FIELDS), f"the judge convicts innocent case {n}: {judge_undo(evidence, FIELDS)}"
    assert judge_write(A, {**B, "NOTE": []}, {"TITLE"}) and judge_write(A, None, {"TITLE"}) and not judge_write(A, B, {"TITLE"})
    assert judge_restored({"1": A}, {"1": B}) and judge_restored({"1": A}, {}) and judge_restored({"1": A}, {"1": A, "2": B})
    assert not judge_restored({"1": A}, {"1": dict(A)})
