update api_tokens set ended_at = coalesce(ended_at, now()) where org_id = $1 and id = $2;
