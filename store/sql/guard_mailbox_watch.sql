select org_id, id from guard_mailbox_watch($1::uuid, string_to_array($2::text, ','), $3::int, $4::bigint);
