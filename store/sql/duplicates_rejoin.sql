-- The pairs that splitting off this record from the contact's cluster had decided are open again.
update duplicate_pairs
set decided = null, why = null, decided_by = null, decided_at = null, split_of = null, split_off = null, version = version + 1
where org_id = $1 and split_of = $2 and split_off = $3 returning id;
