package agency

import (
	"crypto/rand"
	"strings"
	"time"

	"simpul"
)

// keyPrefix marks an API key of Simpul, so that secret scanners find leaked ones.
const keyPrefix = "spk_"

// Key is one credential of an application.
type Key struct {
	ID          string
	Application simpul.ApplicationID
	Label       string
	CreatedAt   time.Time
}

var kindKey = simpul.Text{ID: "Kunci API", EN: "API key"}

func newKeyID() string { return "k-" + strings.ToLower(rand.Text()[:12]) }
