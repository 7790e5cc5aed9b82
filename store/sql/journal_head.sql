select audit_seq, audit_hash, event_id from journal_heads where org_id = $1;
