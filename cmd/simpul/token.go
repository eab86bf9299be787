package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/app"
)

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Buat token API kendali, di mesin hub sendiri." en:"Create a control API token, on the hub's own machine."`
	List   tokenListCmd   `cmd:"" help:"Tampilkan token, tanpa rahasianya." en:"Show the tokens, without their secrets."`
	Revoke tokenRevokeCmd `cmd:"" help:"Cabut token beserta sesi yang dimulai dengannya." en:"Revoke a token and the sessions that began with it."`
}

type tokenCreateCmd struct {
	Role    string `required:"" placeholder:"ROLE" help:"Peran, misalnya operator, admin, provider, consumer, auditor." en:"A role, such as operator, admin, provider, consumer, auditor."`
	Agency  string `placeholder:"ID" help:"Instansi yang diwakili; tidak untuk operator." en:"The agency that it acts for; not for an operator."`
	offline `embed:""`
}

// Help gives examples.
func (*tokenCreateCmd) Help() string {
	return "simpul token create --role operator --data /var/lib/simpul\n" +
		"simpul token create --role provider --agency kemendagri.go.id --data /var/lib/simpul"
}

// Run writes the token, and nothing else, to standard output. It is not shown
// again.
func (c *tokenCreateCmd) Run(ctx context.Context, con *console) error {
	role, err := simpul.ParseRole(c.Role)
	if err != nil {
		return usage(err)
	}
	var agency simpul.AgencyID
	if c.Agency != "" {
		if agency, err = simpul.ParseAgencyID(c.Agency); err != nil {
			return usage(err)
		}
	}
	return c.tokens(ctx, func(s *app.Tokens) error {
		token, err := s.CreateToken(ctx, role, agency)
		switch {
		case simpul.CodeOf(err) == simpul.CodeInvalid:
			return usage(err)
		case err != nil:
			return err
		}
		_, err = fmt.Fprintln(con.stdout, token.Reveal())
		return err
	})
}

type tokenListCmd struct {
	Output  string `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"text atau json." en:"text or json."`
	offline `embed:""`
}

// Help gives an example.
func (*tokenListCmd) Help() string { return "simpul token list --data /var/lib/simpul" }

// Run lists the tokens, oldest first.
func (c *tokenListCmd) Run(ctx context.Context, con *console) error {
	return c.tokens(ctx, func(s *app.Tokens) error {
		tokens, err := s.Tokens(ctx)
		if err != nil {
			return err
		}
		if c.Output == "json" {
			return json.NewEncoder(con.stdout).Encode(map[string]any{"items": tokens})
		}
		for _, t := range tokens {
			fmt.Fprintf(con.stdout, "%s\t%s\t%s\t%s\n", t.ID, t.Role, cmp.Or(string(t.Agency), "-"), t.CreatedAt.Format(time.RFC3339))
		}
		return nil
	})
}

type tokenRevokeCmd struct {
	ID      string `arg:"" help:"ID token, dari token list." en:"The token's ID, from token list."`
	offline `embed:""`
}

// Help gives an example.
func (*tokenRevokeCmd) Help() string {
	return "simpul token revoke t-4h7x2m9qk3ab --data /var/lib/simpul"
}

// Run ends a token at once.
func (c *tokenRevokeCmd) Run(ctx context.Context, con *console) error {
	return c.tokens(ctx, func(s *app.Tokens) error {
		if err := s.RevokeToken(ctx, c.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(con.stdout, "Token %s revoked\n", c.ID)
		return err
	})
}

// tokens opens the hub's own database for the time of the call.
func (o offline) tokens(ctx context.Context, use func(*app.Tokens) error) error {
	settings, err := o.settings()
	if err != nil {
		return usage(err)
	}
	return app.WithTokens(ctx, settings, use)
}
