"""docs/roles.md: what each role is for in words, and what it may by the rows of the table rights."""

ROLES = {
    "reporter": ("Reporter", "captures cards at fairs and corrects what was read on them; sees what is known of the own contacts, shares own lists "
                 "with whoever decides. Decides about no duplicate, writes to no CRM, connects no mailbox."),
    "user": ("User", "does the whole work with own contacts and those of lists that were shared: decides, writes to the CRM and takes back, "
             "connects an own mailbox."),
    "template_curator": ("Template Curator", "is a user who also drafts the templates of the organisation (the mapping of fields, the rules of "
                         "matching and survivorship), simulates and tries them. Puts none into force."),
    "template_manager": ("Template Manager", "is a curator who also puts them into force."),
    "admin": ("Admin", "looks after people, roles, support, connections and their write policy, exports and the audit trail, and reaches what lies "
              "in every list; suggestions of a mailbox nobody has taken up stay their owner's. The last one cannot be removed."),
    "support": ("Support", "is let in by an administrator, for at most seven days, with a reason, and with a second factor; sees how things are set "
                "up. Every request is in the organisation's audit trail, refused ones too. It ends by itself, or at once when revoked."),
    "support_content": ("Support, content", "the same with a grant for the content: also sees contacts and scans and takes them out of the bin."),
}
HEAD = """# Roles

Made by `tests/http/run_rights.py --write` from the rows of the table `rights`; a test compares. A right is a row: role, resource,
action, ownership. No row, no right; a route without a row does not start. `any` reaches everything of the organisation, `own` what is
one's own or lies in a list that one owns, edits or reads; what lies in other lists does not exist (404). Readers of a list look,
editors also change; only its owner (and who has `any`) renames it, chooses its readers and editors, or deletes it.

"""
TAIL = """
The operator has no role: the command line `kartei admin` acts as the system, on the machine itself, and is noted as such. API tokens
act in the name of a person, within their scopes ([routes](routes.md)), and never may what the person may not.

Reports, events and questionnaires, which Reporter, Curator and Manager are named after elsewhere, are not there yet; until they are, the
templates are the mapping of fields and the rules of matching.
"""


def page(rows):
    out = [HEAD]
    out += [f"- **{name}** {text}\n" for name, text in ROLES.values()]
    out.append("\n| resource | action | " + " | ".join(name for name, _ in ROLES.values()) + " |\n|---|---|" + "---|" * len(ROLES) + "\n")
    for row in rows:
        out.append(f"| {row['resource']} | {row['action']} | " + " | ".join(row[role] or "" for role in ROLES) + " |\n")
    return "".join(out) + TAIL
