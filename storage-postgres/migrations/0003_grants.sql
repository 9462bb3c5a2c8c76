-- Grants: tokens sealed under a key that the database never sees.

CREATE TABLE grants (
    user_id text COLLATE "C" NOT NULL REFERENCES tenants,
    account_id text COLLATE "C" NOT NULL,
    key_id text NOT NULL,
    nonce bytea NOT NULL CHECK (octet_length(nonce) = 24),
    sealed bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    scopes text[] NOT NULL,
    PRIMARY KEY (user_id, account_id)
);
COMMENT ON COLUMN grants.sealed IS 'XChaCha20-Poly1305 of both tokens; user, account and key id are authenticated with it';
