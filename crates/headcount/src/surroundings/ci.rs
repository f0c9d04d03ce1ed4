//! Detects continuous integration by the variables that its vendors set.
//!
//! The list is from npm's `ci-info` 4.5. `CI=false` means that this is not
//! continuous integration, whatever else is set.

use super::variables::Variables;

/// Variables that mean continuous integration if they are set.
pub(crate) const VARIABLES: &[&str] = &[
    "CI",
    "CONTINUOUS_INTEGRATION",
    "BUILD_ID",
    "BUILD_NUMBER",
    "CI_APP_ID",
    "CI_BUILD_ID",
    "CI_BUILD_NUMBER",
    "CI_NAME",
    "RUN_ID",
    "AC_APPCIRCLE",
    "AGOLA_GIT_REF",
    "ALPIC_HOST",
    "APPCENTER_BUILD_ID",
    "APPVEYOR",
    "BITBUCKET_COMMIT",
    "BITRISE_IO",
    "BUDDY_WORKSPACE_ID",
    "BUILDER_OUTPUT",
    "BUILDKITE",
    "CAPAWESOME_CLOUD",
    "CF_BUILD_ID",
    "CF_PAGES",
    "CIRCLECI",
    "CIRRUS_CI",
    "CI_XCODE_PROJECT",
    "CM_BUILD_ID",
    "CODEBUILD_BUILD_ARN",
    "DRONE",
    "DSARI",
    "EARTHLY_CI",
    "EAS_BUILD",
    "GERRIT_PROJECT",
    "GITEA_ACTIONS",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "GO_PIPELINE_LABEL",
    "HARNESS_BUILD_ID",
    "HUDSON_URL",
    "JENKINS_URL",
    "LAYERCI",
    "MAGNUM",
    "NETLIFY",
    "NEVERCODE",
    "NOW_BUILDER",
    "PROW_JOB_ID",
    "RELEASE_BUILD_ID",
    "RENDER",
    "RWX",
    "SAILCI",
    "SCREWDRIVER",
    "SEMAPHORE",
    "STRIDER",
    "TEAMCITY_VERSION",
    "TF_BUILD",
    "TRAVIS",
    "VELA",
    "VERCEL",
    "WORKERS_CI",
    "XCS",
    "bamboo_planKey",
];

/// The first variable that means continuous integration: set, and not empty.
pub(crate) fn named(variables: &Variables) -> Option<&'static str> {
    if variables.get("CI").is_some_and(|value| value.trim().eq_ignore_ascii_case("false")) {
        return None;
    }
    let is_set = |name: &&str| variables.get(name).is_some_and(|value| !value.is_empty());
    VARIABLES.iter().copied().find(is_set)
}
