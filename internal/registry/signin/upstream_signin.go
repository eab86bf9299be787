package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// upstreamCallback is where an agency's provider sends people back to.
const upstreamCallback = SignInPath + "/instansi/kembali"

// algorithms are what an ID token may be signed with. "none" and the symmetric
// ones are not among them, whatever the provider says.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// voyage is what the hub remembers while somebody is at their agency's provider.
type voyage struct {
	Agency   simpul.AgencyID
	Issuer   string
	State    string
	Nonce    string
	Verifier string // PKCE, RFC 7636
	Next     string
}

// depart returns the provider's address to go to, and the secret by which this
// browser, and no other, is known when it comes back.
func (s *Service) depart(ctx context.Context, agency simpul.AgencyID, next string) (to string, secret simpul.Secret, err error) {
	if err := s.mayBegin(ctx); err != nil {
		return "", "", err
	}
	u, clientSecret, err := s.provider(ctx, agency)
	if err != nil {
		return "", "", err
	}
	_, client, err := s.client(ctx, u, clientSecret)
	if err != nil {
		return "", "", err
	}
	v := voyage{agency, u.Issuer, simpul.NewSecret("").Reveal(), simpul.NewSecret("").Reveal(), oauth2.GenerateVerifier(), next}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		secret, err = s.remember(ctx, tx, upstreamSignIn, v)
		return err
	})
	return client.AuthCodeURL(v.State, oidc.Nonce(v.Nonce), oauth2.S256ChallengeOption(v.Verifier)), secret, err
}

// client discovers the provider and returns it with the hub as its client.
func (s *Service) client(ctx context.Context, u storedUpstream, secret simpul.Secret) (*oidc.Provider, *oauth2.Config, error) {
	at := s.site.Load()
	if at == nil {
		return nil, nil, noUpstream()
	}
	provider, err := oidc.NewProvider(outbound(ctx), u.Issuer)
	if err != nil {
		return nil, nil, silent(u.agency, err)
	}
	endpoint := provider.Endpoint()
	if !s.safe(endpoint.AuthURL) || !s.safe(endpoint.TokenURL) {
		return nil, nil, silent(u.agency, errors.New("discovery names an endpoint without https"))
	}
	return provider, &oauth2.Config{
		ClientID: u.ClientID, ClientSecret: secret.Reveal(), Endpoint: endpoint,
		RedirectURL: at.url + upstreamCallback, Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}, nil
}

func (s *Service) safe(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || s.insecure() && u.Scheme == "http")
}

// returned looks at what somebody brings back from their agency's provider. The
// voyage is used up whatever comes of it.
func (s *Service) returned(ctx context.Context, secret simpul.Secret, query url.Values) (proof, string, error) {
	var v voyage
	if err := s.recall(ctx, upstreamSignIn, secret, &v); err != nil {
		return proof{}, "", err
	}
	if subtle.ConstantTimeCompare([]byte(v.State), []byte(query.Get("state"))) != 1 {
		return proof{}, v.Next, overtime()
	}
	account, err := s.identified(ctx, v, query)
	if err == nil {
		return proof{account: account, upstream: true}, v.Next, nil
	}
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Code == simpul.CodeUnavailable {
		return proof{}, v.Next, err
	}
	return proof{}, v.Next, errors.Join(unidentified(v.Agency, err), s.recordUpstream(ctx, v.Agency))
}

// identified exchanges the code and returns the account that the verified ID
// token names.
func (s *Service) identified(ctx context.Context, v voyage, query url.Values) (simpul.AccountID, error) {
	u, clientSecret, err := s.provider(ctx, v.Agency)
	if err != nil {
		return "", err
	}
	if u.Issuer != v.Issuer {
		return "", errors.New("the provider was changed meanwhile")
	}
	if query.Get("error") != "" || query.Get("code") == "" {
		return "", errors.New("the provider gave no code")
	}
	provider, client, err := s.client(ctx, u, clientSecret)
	if err != nil {
		return "", err
	}
	if err := issuedBy(provider, u.Issuer, query); err != nil {
		return "", err
	}
	token, err := client.Exchange(outbound(ctx), query.Get("code"), oauth2.VerifierOption(v.Verifier))
	if err != nil {
		return "", fmt.Errorf("exchange of the code: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := provider.VerifierContext(outbound(ctx), &oidc.Config{ClientID: u.ClientID, SupportedSigningAlgs: algorithms, Now: s.now}).Verify(outbound(ctx), raw)
	if err != nil {
		return "", err
	}
	return s.accountOf(ctx, u, v, verified)
}

// issuedBy guards against mix-up (RFC 9207): a provider that says that it names
// itself in the answer must, and a name that is there must be the right one.
func issuedBy(provider *oidc.Provider, issuer string, query url.Values) error {
	var says struct {
		Iss bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&says); err != nil {
		return err
	}
	if got := query.Get("iss"); got != issuer && (got != "" || query.Has("iss") || says.Iss) {
		return errors.New("the answer comes from another issuer")
	}
	return nil
}

// accountOf holds a verified ID token against the voyage, and finds its account.
func (s *Service) accountOf(ctx context.Context, u storedUpstream, v voyage, token *oidc.IDToken) (simpul.AccountID, error) {
	claims := map[string]any{}
	if err := token.Claims(&claims); err != nil {
		return "", err
	}
	azp, _ := claims["azp"].(string)
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(v.Nonce)) != 1:
		return "", errors.New("the token answers another request")
	case (len(token.Audience) > 1 || azp != "") && azp != u.ClientID:
		return "", errors.New("the token was issued to another party")
	case token.IssuedAt.After(s.now().Add(time.Minute)):
		return "", errors.New("the token is from the future")
	case token.Subject == "":
		return "", errors.New("the token names no subject")
	}
	if verified, said := claims["email_verified"].(bool); u.Claim == "email" && said && !verified {
		return "", errors.New("the e-mail address is not verified")
	}
	name, _ := claims[u.Claim].(string)
	account, ok := u.accountIn(name)
	if !ok {
		return "", errors.New("the claim names no account of the agency")
	}
	who, err := s.accounts.PrincipalOf(ctx, account)
	if err != nil {
		return "", err
	}
	if who.National { // one agency, which sets its provider as it likes, must not vouch for whoever reaches all
		return "", errors.New("the account acts for the nation")
	}
	return account, s.sameSubject(ctx, account, u.Issuer, token.Subject)
}

func (s *Service) recordUpstream(ctx context.Context, agency simpul.AgencyID) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		return trail.Append(ctx, tx, trail.Event{At: s.now(), Agency: agency, Actor: "-", Action: "session.refuse", Outcome: simpul.CodeUnauthenticated, Detail: "upstream"})
	})
}

// unidentified is how every failed return is told: what of the token was wrong
// is for the log.
func unidentified(agency simpul.AgencyID, err error) error {
	return &simpul.Error{
		Code: simpul.CodeUnauthenticated, Owner: agency, Err: err,
		Message: simpul.Text{ID: "Penyedia identitas instansi tidak mengenali Anda sebagai pemilik akun di hub ini.", EN: "Your agency's identity provider did not identify you as the owner of an account on this hub."},
		Remedy:  simpul.Text{ID: "Coba sekali lagi. Jika tetap gagal, minta admin instansi memeriksa apakah akun Anda ada dan aktif.", EN: "Try once more. If it fails again, ask your agency's administrator whether your account exists and is active."},
	}
}

func silent(agency simpul.AgencyID, err error) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Owner: agency, Err: err,
		Message: simpul.Text{ID: "Penyedia identitas instansi tidak menjawab dengan benar.", EN: "The agency's identity provider did not answer properly."},
		Remedy:  simpul.Text{ID: "Coba lagi sebentar lagi, atau hubungi admin instansi.", EN: "Try again in a moment, or contact the agency's administrator."},
	}
}

const (
	outboundTime = 10 * time.Second
	outboundBody = 1 << 20 // bytes
)

// outbound gives the libraries a client that is patient within limits, calls where
// the agency's declaration says and nowhere else: no redirect, no proxy of the
// environment, no address that nobody may have.
func outbound(ctx context.Context) context.Context {
	dialer := &net.Dialer{Timeout: outboundTime / 2, Control: guard}
	return oidc.ClientContext(ctx, &http.Client{
		Timeout: outboundTime,
		Transport: limited{&http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: outboundTime / 2, MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives: true, ForceAttemptHTTP2: true,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
}

// guard refuses to connect where no provider of an agency can be, whatever name
// led there. It is asked with the address itself, after the name was resolved.
func guard(_, address string, _ syscall.RawConn) error {
	if !simpul.Dialable(address) {
		return fmt.Errorf("%s is no address of an identity provider", address)
	}
	return nil
}

// limited cuts an answer that is too long, so that it does not parse.
type limited struct{ next http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, outboundBody), res.Body}
	}
	return res, err
}
