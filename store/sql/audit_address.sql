select seq, address from audit where org_id = $1 and seq = $2;
