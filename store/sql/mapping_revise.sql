update connections set mapping_revision = mapping_revision + 1 where org_id = $1 and id = $2 and mapping_revision = $3;
