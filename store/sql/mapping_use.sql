-- The mirror is read anew: it holds other fields from now on.
update connections set mapping_version = $3, cursor = null where org_id = $1 and id = $2;
