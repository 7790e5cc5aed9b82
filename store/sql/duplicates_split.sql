-- Open pairs are decided: they are not one person. What somebody decided before stays.
update duplicate_pairs set decided = 'different', split_of = $3, split_off = $4, decided_by = $5, decided_at = now(), version = version + 1
where org_id = $1 and id = any ($2::uuid[]) and decided is null;
