delete from oauth_begun where org_id = $1 and session_id = $2 and connection_id = $3;
