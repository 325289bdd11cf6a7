"""Cloud Home (两江女性科技人才云之家): where women in the database exchange between events, by their real names."""
