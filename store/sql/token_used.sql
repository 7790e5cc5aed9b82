update api_tokens set used_at = now(), used_from = $3 where org_id = $1 and id = $2;
