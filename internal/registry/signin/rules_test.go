package signin

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"simpul"
)

func TestPasswordsThatOthersWouldGuess(t *testing.T) {
	const account = simpul.AccountID("siti.rahma@bandungkota.go.id")
	for password, ok := range map[string]bool{
		"empat kuda makan rumput":      true,
		"Tr0ub4dor&3x":                 true,
		"ひらがなのながいあいことば":                true,
		strings.Repeat("panjang ", 30): true,
		"kuda makan":                   false, // short
		"":                             false,
		"            ":                 false,
		"Password12345":                false,
		"P@ssw0rd!!!!":                 false,
		"rahasia123456":                false,
		"indonesiaraya":                false,
		"merdekamerdeka":               false,
		"123456789012":                 false,
		"098765432109":                 false,
		"abcdefghijkl":                 false,
		"qwertyuiopas":                 false,
		"aaaaaaaaaaaa":                 false,
		"abcabcabcabc":                 false,
		"kudarahma12345":               false, // her name
		"SITIRAHMAaman":                false,
		"bandungkota2026":              false, // her agency
		"dewi lestari pagi":            false, // her name as it is written
		strings.Repeat("x9", 200):      false, // long
		"empat kuda\tmakan":            false,
		"empat kuda \xff\xfe makan":    false,
	} {
		err := checkPassword(simpul.Secret(password), account, "Dewi Lestari")
		if (err == nil) != ok {
			t.Errorf("%q: %v", password, err)
		}
		if err != nil && strings.Contains(err.Error(), password) && password != "" {
			t.Errorf("the refusal repeats %q", password)
		}
	}
}

func TestArgon2id(t *testing.T) {
	h := NewArgon2id(2)
	stored, err := h.Hash("empat kuda makan rumput")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s %v", stored, err)
	}
	if again, _ := h.Hash("empat kuda makan rumput"); again == stored {
		t.Error("the salt is always the same")
	}
	if !h.Matches(stored, "empat kuda makan rumput") || h.Matches(stored, "empat kuda makan rumpu") || h.Matches(stored, "") {
		t.Error("matches the wrong ones")
	}
	for _, broken := range []string{"", "x", stored[:len(stored)-2], strings.Replace(stored, "m=19456", "m=1", 1), strings.ReplaceAll(stored, "$", "")} {
		if h.Matches(broken, "") || h.Matches(broken, "empat kuda makan rumput") {
			t.Errorf("%q matches", broken)
		}
	}
}

func TestTheDelayGrowsToItsLimit(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	f, waits := failure{}, []time.Duration{0, 0, 0, 0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second,
		32 * time.Second, 64 * time.Second, 128 * time.Second, 256 * time.Second, 512 * time.Second, 15 * time.Minute, 15 * time.Minute}
	for i, want := range waits {
		f = f.more(ofAccount, now)
		got := time.Duration(0)
		if !f.until.IsZero() {
			got = f.until.Sub(now)
		}
		if got != want {
			t.Errorf("failure %d: %v, want %v", i+1, got, want)
		}
	}
	for range 200 {
		f = f.more(ofAccount, now)
	}
	if got := f.until.Sub(now); got != longestDelay {
		t.Errorf("after many: %v", got)
	}
	if later := f.more(ofAccount, now.Add(500*time.Hour)); !later.until.IsZero() || later.count != 1 {
		t.Errorf("never forgotten: %+v", later)
	}
}

func TestCodesOfOneStepEitherSide(t *testing.T) {
	now := time.Unix(1_800_000_010, 0)
	secret, err := newTOTP()
	if err != nil || len(secret.Reveal()) != 32 {
		t.Fatal(err)
	}
	for offset, ok := range map[time.Duration]bool{0: true, -30 * time.Second: true, 30 * time.Second: true, -time.Minute: false, time.Minute: false} {
		code, err := totp.GenerateCode(secret.Reveal(), now.Add(offset))
		if err != nil {
			t.Fatal(err)
		}
		step, got := matchedStep(secret, code, now)
		if got != ok || ok && step != now.Add(offset).Unix()/30 {
			t.Errorf("%v: %v, step %d", offset, got, step)
		}
	}
	for _, code := range []string{"", "0", "1234567", "abcdef"} {
		if _, ok := matchedStep(secret, code, now); ok {
			t.Errorf("%q is a code", code)
		}
	}
}

// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
func TestTheVectorsOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if step, ok := matchedStep(secret, code, time.Unix(at, 0)); !ok || step != at/30 {
			t.Errorf("%d: %s is not the code", at, code)
		}
	}
}

func TestDevicesInPlainWords(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                           "Chrome di Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0":                 "Edge di Windows",
		"Mozilla/5.0 (Linux; Android 14; SM-A146) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36": "Samsung Internet di Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1":   "Safari di iPhone",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0":                                                      "Firefox di macOS",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                            "Chrome di ChromeOS",
		"curl/8.0":  "curl",
		"":          "Perangkat yang tidak dikenali",
		"<script>x": "Perangkat yang tidak dikenali",
	} {
		if got := deviceOf(agent).in(simpul.Indonesian); got != want {
			t.Errorf("%s: %s, want %s", agent, got, want)
		}
		if d := deviceOf(agent); deviceStored(d.stored()) != d {
			t.Errorf("%+v does not come back", d)
		}
	}
}

func TestTheQRCodeSaysWhatItShould(t *testing.T) {
	address := totpAddress("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "siti.rahma@bandungkota.go.id")
	if address != "otpauth://totp/Simpul:siti.rahma@bandungkota.go.id?algorithm=SHA1&digits=6&issuer=Simpul&period=30&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" {
		t.Error(address)
	}
	code, err := newQR(address)
	if err != nil || code.size < 29 || !strings.HasPrefix(code.path, "M4 4h1v1h-1z") {
		t.Errorf("%v %d %.40s", err, code.size, code.path)
	}
}

func FuzzDeviceOf(f *testing.F) {
	f.Add("Mozilla/5.0 (iPhone) CriOS/1 Edg/")
	f.Fuzz(func(t *testing.T, agent string) {
		d := deviceOf(agent)
		if strings.ContainsAny(d.stored(), "<>\"\x00\n") || deviceStored(d.stored()) != d {
			t.Errorf("%q gives %+v", agent, d)
		}
	})
}

func FuzzCodes(f *testing.F) {
	f.Add("ABCD-efgh-ijkl-mnop")
	f.Add("https://hub/undangan#abcd-efgh-ijkl-mnop-qrst-uvwx-yz")
	f.Fuzz(func(t *testing.T, text string) {
		if code := recoveryCode(text); code != "" && recoveryCode(grouped(code)) != code {
			t.Errorf("%q gives %q", text, code)
		}
		if code := inviteCode(text); code != "" && inviteCode(grouped(code.Reveal())) != code {
			t.Errorf("%q gives another code in groups", text)
		}
	})
}

func FuzzParsePHC(f *testing.F) {
	f.Add(phcPrefix + "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if salt, key, ok := parsePHC(text); ok && (len(salt) != argonSalt || len(key) != argonKey) {
			t.Errorf("%q: %d %d", text, len(salt), len(key))
		}
	})
}

func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/a?b=c", "//x", "/\\x", "/\t/x", "https://x", "/%2f/x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\t\r\n ") {
			t.Errorf("%q leads to %q", next, got)
		}
	})
}

func FuzzPasskeyName(f *testing.F) {
	f.Add(" a\nb ")
	f.Fuzz(func(t *testing.T, text string) {
		got := passkeyName(text)
		if got == "" || len([]rune(got)) > maxName || strings.ContainsAny(got, "\n\r\t\x00") {
			t.Errorf("%q gives %q", text, got)
		}
	})
}

func FuzzAccountIn(f *testing.F) {
	f.Add("siti@bandungkota.go.id", "bandungkota.go.id")
	f.Add("siti", "")
	f.Fuzz(func(t *testing.T, claim, domain string) {
		u := storedUpstream{Upstream: Upstream{Domain: domain}, agency: "bandungkota.go.id"}
		if id, ok := u.accountIn(claim); ok && (id.Agency() != "bandungkota.go.id" || !strings.HasPrefix(strings.ToLower(claim), id.Name())) {
			t.Errorf("%q gives %s", claim, id)
		}
	})
}
