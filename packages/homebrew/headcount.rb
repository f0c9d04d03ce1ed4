# Made by packages/formula, of the archives of a release.
class Headcount < Formula
  desc "Anonymous usage telemetry for command-line programs and coding agents"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@URL aarch64-apple-darwin@"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@URL x86_64-apple-darwin@"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@URL aarch64-unknown-linux-gnu@"
      sha256 "@SHA256 aarch64-unknown-linux-gnu@"
    end
    on_intel do
      url "@URL x86_64-unknown-linux-gnu@"
      sha256 "@SHA256 x86_64-unknown-linux-gnu@"
    end
  end

  def install
    bin.install "headcount"
    generate_completions_from_executable(bin/"headcount", "completions")
    system bin/"headcount", "manual", buildpath/"man1"
    man1.install Dir["man1/*.1"]
    doc.install "LICENSES-THIRD-PARTY.txt"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/headcount --version")
    system bin/"headcount", "new", "--product", "wren", "--yes"
    system bin/"headcount", "check", "telemetry.toml"
  end
end
