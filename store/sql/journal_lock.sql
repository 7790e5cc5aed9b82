-- Takes numbers for $2 audit entries and $3 events; the row stays locked until commit, which puts both in commit order.
insert into journal_heads as h (org_id, audit_seq, event_id) values ($1, $2, $3)
on conflict (org_id) do update set audit_seq = h.audit_seq + $2, event_id = h.event_id + $3
returning audit_seq, audit_hash, event_id, clock_timestamp();
