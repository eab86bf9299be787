package signin

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Upstream is the OpenID provider of an agency, with which its people sign in.
type Upstream struct {
	Issuer   string
	ClientID string
	Claim    string // of the ID token, that carries the account's name
	Domain   string // the claim must end in @Domain; empty: it is the bare name
	Required bool   // people of the agency sign in this way only
}

// storedUpstream is an upstream as the database holds it.
type storedUpstream struct {
	Upstream
	agency           simpul.AgencyID
	sealed           string // client secret, base64
	created, updated int64  // ms
}

const upstreamTable, upstreamColumn = "signin_upstream", "secret"

var claimName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_:./-]{0,99}$`)

// check refuses settings that cannot work or would not be safe.
func (u Upstream) check(insecure bool) error {
	issuer, err := url.Parse(u.Issuer)
	switch {
	case err != nil || issuer.Host == "" || issuer.User != nil || issuer.RawQuery != "" || issuer.Fragment != "" || len(u.Issuer) > 300,
		issuer.Scheme != "https" && !(insecure && issuer.Scheme == "http"):
		return simpul.Invalid("issuer",
			simpul.Text{ID: "Alamat penerbit harus berupa alamat https tanpa parameter.", EN: "The issuer must be an https address without parameters."},
			simpul.Text{ID: "Salin nilai issuer dari halaman /.well-known/openid-configuration penyedia identitas Anda.", EN: "Copy the value issuer from the page /.well-known/openid-configuration of your identity provider."})
	case u.ClientID == "" || len(u.ClientID) > 300 || strings.ContainsFunc(u.ClientID, foreign):
		return simpul.Invalid("clientId",
			simpul.Text{ID: "ID klien belum diisi atau memuat spasi.", EN: "The client ID is missing or holds spaces."},
			simpul.Text{ID: "Daftarkan Simpul sebagai klien di penyedia identitas Anda, lalu salin ID kliennya.", EN: "Register Simpul as a client with your identity provider and copy the client ID."})
	case !claimName.MatchString(u.Claim):
		return simpul.Invalid("claim",
			simpul.Text{ID: "Nama klaim tidak sah.", EN: "The name of the claim is not valid."},
			simpul.Text{ID: "Isi misalnya email atau preferred_username.", EN: "Enter for example email or preferred_username."})
	}
	if _, err := simpul.ParseAgencyID(u.Domain); err != nil && u.Domain != "" {
		return simpul.Invalid("domain",
			simpul.Text{ID: "Domain surel tidak sah.", EN: "The e-mail domain is not valid."},
			simpul.Text{ID: "Isi domain setelah @, misalnya bandungkota.go.id, atau kosongkan.", EN: "Enter the domain after the @, such as bandungkota.go.id, or leave it empty."})
	}
	return nil
}

// UpstreamOf returns the agency's provider for whoever administers it.
func (s *Service) UpstreamOf(ctx context.Context, p simpul.Principal, agency simpul.AgencyID) (u Upstream, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		stored, err := upstreamOf(ctx, tx, agency)
		u = stored.Upstream
		return err
	})
	return u, sqldb.Coded(err, kindUpstream, string(agency))
}

// SetUpstream sets the agency's provider. An empty secret keeps the one that is
// stored, as long as it goes to the same provider.
func (s *Service) SetUpstream(ctx context.Context, p simpul.Principal, agency simpul.AgencyID, u Upstream, secret simpul.Secret) error {
	if err := mayVouch(p); err != nil {
		return err
	}
	if err := u.check(s.insecure()); err != nil {
		return err
	}
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(agency); err != nil {
			return sqldb.ErrNoRows // told as if it were not there
		}
		former, err := upstreamOf(ctx, tx, agency)
		exists, err := sqldb.Exists(former, err)
		if err != nil {
			return err
		}
		stored := storedUpstream{Upstream: u, agency: agency, sealed: former.sealed, created: former.created, updated: s.now().UnixMilli()}
		if !exists {
			stored.created = stored.updated
		}
		if stored.sealed, err = s.upstreamSecret(agency, secret, former, u); err != nil {
			return err
		}
		if err := putUpstream(ctx, tx, stored); err != nil {
			return err
		}
		if err := tx.Revise(ctx, "Upstream", string(agency)); err != nil {
			return err
		}
		e := trail.By(p, agency, "upstream.set", string(agency))
		e.At, e.Detail = s.now(), u.Issuer
		if err := trail.Append(ctx, tx, e); err != nil {
			return err
		}
		return s.notifier.Notify(ctx, tx, upstreamSet(p, agency, u.Issuer))
	})
	return sqldb.Coded(err, kindUpstream, string(agency))
}

func (s *Service) upstreamSecret(agency simpul.AgencyID, secret simpul.Secret, former storedUpstream, u Upstream) (string, error) {
	if secret == "" {
		if former.sealed != "" && former.Issuer == u.Issuer {
			return former.sealed, nil
		}
		return "", simpul.Invalid("clientSecret",
			simpul.Text{ID: "Rahasia klien belum diisi.", EN: "The client secret is missing."},
			simpul.Text{ID: "Salin rahasia klien dari penyedia identitas Anda.", EN: "Copy the client secret from your identity provider."})
	}
	if len(secret) > 500 {
		return "", simpul.Invalid("clientSecret",
			simpul.Text{ID: "Rahasia klien terlalu panjang.", EN: "The client secret is too long."},
			simpul.Text{ID: "Salin hanya rahasianya.", EN: "Copy the secret only."})
	}
	sealed, err := s.sealer.Seal([]byte(secret.Reveal()), upstreamTable, string(agency), upstreamColumn)
	return base64.StdEncoding.EncodeToString(sealed), err
}

// mayVouch refuses who may edit an agency's profile but does not decide on its
// people: a provider makes whoever sets it each of them.
func mayVouch(p simpul.Principal) error {
	if err := p.Need(simpul.WriteAgencies); err != nil {
		return err
	}
	return p.Need(simpul.WriteAccounts)
}

// upstreamSet tells everybody who administers the agency's people: whoever runs
// the provider decides who signs in as any of them.
func upstreamSet(p simpul.Principal, agency simpul.AgencyID, issuer string) simpul.Notice {
	return simpul.Notice{
		Topic: "account.provider", Agency: agency, Holding: simpul.WriteAccounts, Link: UpstreamPath, Urgent: true,
		Title: simpul.Text{ID: "Penyedia identitas instansi disetel", EN: "The agency's identity provider was set"},
		Body: simpul.Text{
			ID: "Disetel oleh " + p.ID + " ke " + issuer + ". Penyedia ini menentukan siapa yang masuk sebagai orang di instansi Anda. Jika ini keliru, segera putuskan sambungannya.",
			EN: "Set by " + p.ID + " to " + issuer + ". This provider decides who signs in as the people of your agency. If that is wrong, disconnect it at once."},
	}
}

// RemoveUpstream drops the agency's provider.
func (s *Service) RemoveUpstream(ctx context.Context, p simpul.Principal, agency simpul.AgencyID) error {
	if err := mayVouch(p); err != nil {
		return err
	}
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := deleteUpstream(ctx, tx, agency); err != nil {
			return err
		}
		if err := tx.Revise(ctx, "Upstream", string(agency)); err != nil {
			return err
		}
		e := trail.By(p, agency, "upstream.remove", string(agency))
		e.At = s.now()
		return trail.Append(ctx, tx, e)
	})
	return sqldb.Coded(err, kindUpstream, string(agency))
}

// provider returns the agency's provider with its secret, for signing in.
func (s *Service) provider(ctx context.Context, agency simpul.AgencyID) (u storedUpstream, secret simpul.Secret, err error) {
	err = s.read(ctx, func(tx *sqldb.Tx) error {
		u, err = upstreamOf(ctx, tx, agency)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) {
		return u, "", noUpstream()
	}
	if err != nil {
		return u, "", err
	}
	raw, err := base64.StdEncoding.DecodeString(u.sealed)
	if err != nil {
		return u, "", err
	}
	text, err := s.sealer.Open(raw, upstreamTable, string(agency), upstreamColumn)
	return u, simpul.Secret(text), err
}

// mayUse refuses a way in that the person's agency does not allow. It is asked
// only once the person has proved who they are, so it tells strangers nothing.
// Whoever acts for the nation is not bound: an agency must not lock them out.
func (s *Service) mayUse(ctx context.Context, p proof, who simpul.Principal) error {
	if p.upstream || who.National {
		return nil
	}
	var u storedUpstream
	err := s.read(ctx, func(tx *sqldb.Tx) (err error) {
		u, err = upstreamOf(ctx, tx, p.account.Agency())
		return err
	})
	exists, err := sqldb.Exists(u, err)
	if err != nil || !exists || !u.Required {
		return err
	}
	return &simpul.Error{
		Code: simpul.CodeDenied,
		Message: simpul.Text{ID: "Instansi Anda mewajibkan masuk lewat penyedia identitasnya sendiri.",
			EN: "Your agency requires signing in through its own identity provider."},
		Remedy: simpul.Text{ID: "Di halaman Masuk, pilih Masuk lewat instansi dan isi " + string(p.account.Agency()) + ".",
			EN: "On the sign-in page choose Sign in through your agency and enter " + string(p.account.Agency()) + "."},
	}
}

// accountIn returns the account that a claim names, in that very agency.
func (u storedUpstream) accountIn(claim string) (simpul.AccountID, bool) {
	name := strings.ToLower(claim)
	if u.Domain != "" {
		local, ok := strings.CutSuffix(name, "@"+strings.ToLower(u.Domain))
		if !ok {
			return "", false
		}
		name = local
	}
	id, err := simpul.ParseAccountID(name + "@" + string(u.agency))
	if err != nil || id.Agency() != u.agency || id.Name() != name {
		return "", false
	}
	return id, true
}

var kindUpstream = simpul.Text{ID: "Penyedia identitas", EN: "Identity provider"}

func noUpstream() error {
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Instansi ini belum menyambungkan penyedia identitas.", EN: "This agency has not connected an identity provider."},
		Remedy:  simpul.Text{ID: "Periksa domain instansi, atau masuk dengan passkey atau kata sandi.", EN: "Check the agency's domain, or sign in with a passkey or a password."},
	}
}

// subject is who a person is to the agency's provider.
type subject struct{ issuer, digest string }

// sameSubject refuses an account whose name the provider has given to somebody
// else since; it notes the subject at the first sign-in.
func (s *Service) sameSubject(ctx context.Context, account simpul.AccountID, issuer, sub string) error {
	digest, err := s.sealer.Digest(sub, "signin_subject.subject")
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sqldb.Tx) error {
		noted, err := subjectOf(ctx, tx, account)
		exists, err := sqldb.Exists(noted, err)
		if err != nil {
			return err
		}
		if exists && noted.issuer == issuer {
			if noted.digest != digest {
				return errors.New("another subject has the account's name")
			}
			return nil
		}
		return putSubject(ctx, tx, account, subject{issuer, digest}, s.now())
	})
}

func (s *Service) insecure() bool {
	at := s.site.Load()
	return at != nil && strings.HasPrefix(at.url, "http://")
}

// claimOf is the claim to ask for, email by default.
func claimOf(text string) string { return cmp.Or(strings.TrimSpace(text), "email") }
