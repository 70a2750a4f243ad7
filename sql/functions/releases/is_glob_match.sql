create function fn.is_glob_match(_key text, _pattern text) returns boolean
language sql immutable parallel safe
return lower(case when starts_with(_pattern, '/') then regexp_replace(_key, '^https?://[^/]*', '') else _key end)
    like replace(replace(replace(replace(lower(_pattern), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%');

comment on function fn.is_glob_match is
'Whether a page key is as a glob says, in any case: * stands for any characters, also for /, and all others for themselves. A
pattern that begins with / is compared with the path of an address, any other with all of the key.';
