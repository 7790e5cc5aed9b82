delete from mapping_drafts where org_id = $1 and connection_id = $2;
