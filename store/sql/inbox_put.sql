insert into contact_desk (org_id, contact_id, postponed_until, assignee_id) values ($1, $2, $3::text::date, $4)
on conflict (org_id, contact_id) do update set postponed_until = excluded.postponed_until, assignee_id = excluded.assignee_id;
