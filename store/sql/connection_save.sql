update connections set name = $4, settings = $5, secret = coalesce($6, secret), state = 'new', problem = null, param = null,
  version = version + 1
where org_id = $1 and id = $2 and version = $3;
