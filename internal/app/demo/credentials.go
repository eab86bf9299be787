package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/registry/agency"
)

// Credentials are the secrets of a demo nation. The hub itself keeps digests
// only, so the demo writes them beside its data to be able to print them again.
// A real hub has no such file.
type Credentials struct {
	AdminToken string `json:"admin_token"` // operator, control API and sign-in
	APIKey     string `json:"api_key"`     // of BandungApplication
	AidKey     string `json:"aid_key"`     // of AidApplication
}

const credentialsFile = "demo-credentials.json"

func credentials(ctx context.Context, hub *app.Hub, operator simpul.Principal, data string) (c Credentials, err error) {
	file := filepath.Join(data, credentialsFile)
	text, err := os.ReadFile(file)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &c); err != nil {
			return c, fmt.Errorf("read %s: %w", file, err)
		}
		return c, nil
	case !errors.Is(err, fs.ErrNotExist):
		return c, err
	}
	if c, err = issue(ctx, hub, operator); err != nil {
		return c, err
	}
	text, err = json.MarshalIndent(c, "", "  ")
	if err != nil {
		return c, err
	}
	return c, os.WriteFile(file, append(text, '\n'), 0o600)
}

func issue(ctx context.Context, hub *app.Hub, operator simpul.Principal) (c Credentials, err error) {
	token, err := hub.Identity.CreateToken(ctx, simpul.RoleOperator, "")
	if err != nil {
		return c, err
	}
	_, key, err := hub.Applications.IssueKey(ctx, operator, string(BandungApplication), agency.KeyWish{Label: "demo"})
	if err != nil {
		return c, err
	}
	_, aid, err := hub.Applications.IssueKey(ctx, operator, string(AidApplication), agency.KeyWish{Label: "demo"})
	return Credentials{AdminToken: token.Reveal(), APIKey: key.Reveal(), AidKey: aid.Reveal()}, err
}
