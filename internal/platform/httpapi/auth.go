package httpapi

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"simpul"
)

type contextKey int

const (
	principalKey contextKey = iota
	languageKey
)

func principalOf(ctx context.Context) simpul.Principal {
	p, _ := ctx.Value(principalKey).(simpul.Principal)
	return p
}

func languageOf(ctx context.Context) simpul.Language {
	l, _ := ctx.Value(languageKey).(simpul.Language)
	return l
}

// authorize lets only who has the operation's permission pass, before the body
// is read.
func (a *API) authorize(op Operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		lang := simpul.ParseLanguage(ctx.Header("Accept-Language"))
		principal, err := a.admit(ctx, op)
		if err == nil {
			err = checkAddress(ctx.URL())
		}
		if err != nil {
			refuse(ctx, a.problem(context.WithValue(ctx.Context(), languageKey, lang), op, err))
			return
		}
		ctx = huma.WithValue(huma.WithValue(ctx, principalKey, principal), languageKey, lang)
		whole, release, err := receive(ctx, op)
		if err != nil {
			refuse(ctx, a.problem(ctx.Context(), op, err))
			return
		}
		defer release()
		if op.Slow {
			_, w := humago.Unwrap(ctx)
			Wait(w, Slow)
		}
		next(whole)
	}
}

// admit returns who calls, if they may.
func (a *API) admit(ctx huma.Context, op Operation) (simpul.Principal, error) {
	if op.Public {
		return simpul.Principal{}, nil
	}
	principal, err := a.authenticate(ctx)
	if err == nil {
		err = principal.Need(op.Need)
	}
	return principal, err
}

func (a *API) authenticate(ctx huma.Context) (simpul.Principal, error) {
	scheme, token, _ := strings.Cut(ctx.Header("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return simpul.Principal{}, &simpul.Error{
			Code:    simpul.CodeUnauthenticated,
			Message: simpul.Text{ID: "Permintaan ini tidak membawa token.", EN: "This request carries no token."},
			Remedy:  simpul.Text{ID: "Kirim kepala Authorization: Bearer TOKEN; operator membuat token dengan `simpul token create`.", EN: "Send the header Authorization: Bearer TOKEN; the operator makes tokens with `simpul token create`."},
		}
	}
	return a.auth.Principal(ctx.Context(), simpul.Secret(token))
}

func refuse(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetHeader("Cache-Control", "no-store")
	if p.Code == simpul.CodeUnauthenticated {
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="simpul"`)
	}
	ctx.SetStatus(p.Status)
	p.encode(ctx.BodyWriter())
}
