-- $8: when this look began; what was found missing later needs another one.
update mailboxes set cursor = coalesce($3, cursor), looked = looked + $4::bigint, header_only = header_only + $5::bigint,
  suggested = suggested + $6::bigint, checked_at = case when $7::boolean then now() else checked_at end,
  gap_at = case when $7::boolean and gap_at <= to_timestamp($8::bigint / 1000.0) then null else gap_at end
where org_id = $1 and id = $2;
