"""History: find stored exams and open them as they were shown."""
