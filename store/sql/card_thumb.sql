select id, thumb from cards where org_id = $1 and scan_id = $2 and n = $3 and thumb is not null;
