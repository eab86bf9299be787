package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// A LID whose fields can be proved leaves a root of them in the record, and others do not.
func TestARecordCommitsToFieldsWhereItsLIDSaysSo(t *testing.T) {
	data := t.TempDir()
	at, api := begin(t, settings(t, data))
	key := api.settle(t)
	upstream := answering(t, `{"items":[{"nama":"Siti Rahma"}]}`)
	for _, provable := range []bool{false, true} {
		api.offer(t, "Data", upstream, object{"class": "terbatas", "delivery": object{"provable": provable}}, nil)
		if got := call(t, api.client, at.Gateway+"/uji/Data", key); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.text)
		}
		want := 0
		if provable {
			want = 1
		}
		if got := rootsIn(t, data); got != want {
			t.Errorf("provable %v: %d records with a root", provable, got)
		}
	}
}

// rootsIn counts the records of a journal that commit to fields.
func rootsIn(t *testing.T, data string) (n int) {
	t.Helper()
	member := regexp.MustCompile(`"field_root":"[0-9a-f]{64}"`)
	err := filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".seg" {
			return err
		}
		content, err := os.ReadFile(path)
		n += len(member.FindAll(content, -1))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
