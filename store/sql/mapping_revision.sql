select mapping_revision from connections where org_id = $1 and id = $2;
