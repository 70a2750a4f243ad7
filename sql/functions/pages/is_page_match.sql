create function fn.is_page_match(_key text, _origin text, _pattern text) returns boolean
language sql immutable parallel safe
return case
        when _origin = '' then true
        when _origin = 'none' then _key !~ '^https?://'
        else starts_with(_key, _origin || '/')
    end
    and lower(_key) like '%' || replace(
        replace(replace(replace(lower(_pattern), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'
    ) || '%';

comment on function fn.is_page_match is
'Whether a page key is of an origin (scheme://host[:port]; empty for any, none for keys that are no address) and contains
_pattern, in which * stands for anything.';
