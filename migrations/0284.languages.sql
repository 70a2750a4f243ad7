alter table destination
    add column languages text[] default '{}' check (cardinality(languages) <= 20);
comment on column destination.languages is 'Of responses, only messages in these languages (the context''s $language); none, or null from the version before, for all.';
