package safety

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"

	"simpul/internal/platform/checksum"
)

// kept are the files that a hub keeps in its data folder.
var kept = regexp.MustCompile(`^(` + strings.Join([]string{
	regexp.QuoteMeta(checksum.Name), `vault\.json(\.lock|\.before-(un)?wrap(-[0-9]+)?)?`, `restored\.json`,
	`evidence/(lock|blocks\.list|removed|[0-9]{20}\.seg)`, `evidence/[0-9a-f]{32}/(lock|blocks\.list|removed|ended|[0-9]{20}\.seg)`, `log/.+`, `demo-credentials\.json`,
}, "|") + `)$`)

// unknown names what is in the folder and is nobody's.
func (c Check) unknown() (all []Finding, err error) {
	own := map[string]bool{c.name(c.KeyFile): true, c.name(c.KeyFile) + ".lock": true}
	if c.File != "" {
		for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
			own[c.name(c.File)+suffix] = true
		}
	}
	err = filepath.WalkDir(c.Data, func(path string, d fs.DirEntry, err error) error {
		name := c.name(path)
		if err != nil {
			all = append(all, Found(codeUnread, name).Because(err))
			return nil
		}
		switch {
		case d.IsDir() && name == restoringName:
			return fs.SkipDir
		case d.IsDir() && name == witnessName: // restored, it would cosign again what it has refused
			all = append(all, Found(codeWitness, name))
			return fs.SkipDir
		case d.IsDir() || own[name] || d.Type().IsRegular() && kept.MatchString(name):
			return nil
		}
		all = append(all, Found(codeUnknown, name))
		return nil
	})
	return all, err
}

// witnessName is where a witness on this machine keeps what it has cosigned, unless
// its settings name another folder.
const witnessName = "witness"
