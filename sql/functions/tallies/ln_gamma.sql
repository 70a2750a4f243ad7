create function fn.ln_gamma(_x double precision) returns double precision
language sql immutable parallel safe
-- Stirling's series for x + 8, and Γ(x + 8) = x (x + 1) … (x + 7) Γ(x).
return (
    select (s.y - 0.5) * ln(s.y) - s.y + 0.918938533204672742
        + (1 / 12.0::double precision - (1 / 360.0::double precision - (1 / 1260.0::double precision
            - 1 / 1680.0::double precision / (s.y * s.y)) / (s.y * s.y)) / (s.y * s.y)) / s.y
        - ln(_x) - ln(_x + 1) - ln(_x + 2) - ln(_x + 3) - ln(_x + 4) - ln(_x + 5) - ln(_x + 6) - ln(_x + 7)
    from (select _x + 8 as y) as s
);

comment on function fn.ln_gamma is
'The logarithm of the gamma function of a positive number, to 11 digits: Stirling''s series, as in NIST''s Digital Library of
Mathematical Functions, 5.11.1. Postgres has lgamma from 18 on.';
