cask "${name}" do
  arch arm: "arm64", intel: "x86_64"

  version "${version}"
  sha256 arm:   "${arm_sha}",
         intel: "${intel_sha}"

  url "${homepage}/releases/download/v#{version}/${name}-#{version}-macos-#{arch}.dmg"
  name "${name}"
  desc "Sheets into a LearnWorlds school, and out of it"
  homepage "${homepage}"

  livecheck do
    url :url
    strategy :github_latest
  end

  depends_on macos: ">= :ventura"

  app "${name}.app"
  binary "#{appdir}/${name}.app/Contents/MacOS/${name}"

  zap trash: "~/Library/Application Support/${name}"
end
