select version from fairs where org_id = $1 and id = $2;
