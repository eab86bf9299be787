package main

import (
	"context"
	"fmt"

	"simpul"
	"simpul/internal/app"
)

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Buat token API kendali, di mesin hub sendiri." en:"Create a control API token, on the hub's own machine."`
}

type tokenCreateCmd struct {
	Role    string `required:"" placeholder:"ROLE" help:"Peran: operator, admin, provider, consumer, auditor." en:"Role: operator, admin, provider, consumer, auditor."`
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
	settings, err := c.settings()
	if err != nil {
		return usage(err)
	}
	token, err := app.CreateToken(ctx, settings, role, agency)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(con.stdout, token.Reveal())
	return err
}
